// Facts of a service in good order, for tests of what is made of them.

import { defaultSettings } from "../../config/settings.ts";
import type { CompiledRule } from "../../rules/compile.ts";
import type { ServiceFacts } from "../../service/metrics/facts.ts";

export function sampleRule(name: string, tags: readonly string[] = []): CompiledRule {
  return {
    name,
    priority: "Warning",
    source: "syscall",
    tags,
    desc: "",
    output: { parts: [], fields: [] },
    capture: false,
    captureDurationMs: 0,
  };
}

export function sampleFacts(changes: Partial<ServiceFacts> = {}): ServiceFacts {
  return {
    settings: defaultSettings(),
    nowNs: 1_795_315_500_000_000_000n,
    startedNs: 1_795_315_400_000_000_000n,
    hostname: "node1",
    rules: [sampleRule("A rule", ["T1059", "container"]), sampleRule("Another rule")],
    rulesFiles: [{ path: "/etc/falco/falco_rules.yaml", sha256: "ab".repeat(32) }],
    configFiles: [{ path: "/etc/falco/falco.yaml", sha256: "cd".repeat(32) }],
    matches: new Map([["A rule", 3n]]),
    source: {
      reported: 1000n,
      drops_buffer_open: 7n,
      drops_buffer_proc_exit: 2n,
      drops_scratch: 1n,
      cpu_0_reported: 600n,
      cpu_0_drops: 10n,
      cpu_1_reported: 400n,
    },
    live: {
      matcher: {
        EVENTS: 990n,
        THREADS: 12n,
        FDS: 40n,
        ALERTS: 3n,
        CONTAINERS: 1n,
        CONTAINERS_LATE: 2n,
        CONTAINERS_UNKNOWN: 3n,
        CONTAINERS_REFUSED: 100n,
      },
      events: new Map([[307, 500n], [5, 490n]]),
      rings: [{ bytes: 8 << 20, used: 4096 }],
    },
    metadata: {
      "containers.known": 4n,
      "containers.docker.timeout": 5n,
      "kubernetes.pods": 6n,
      "sources.k8s_audit.accepted": 7n,
    },
    ruleCosts: [
      { rule: 0, evaluations: 500n, matches: 3n, nanoseconds: 12_345.6 },
      { rule: 1, evaluations: 497n, matches: 0n, nanoseconds: 0 },
    ],
    sinks: [],
    noise: { heldBack: [], followUps: 0n, groupsEvicted: 0n },
    reload: { succeeded: 0, failed: 0, lastNs: undefined, problem: undefined },
    canary: { silentMs: 300, latencyMs: 1.5, sent: 10, seen: 10 },
    ...changes,
  };
}
