// Containers that live for a moment, and a hundred pods at once: their very first alert has to say what they are.
// FALCO_CLUSTER_JOBS: how many pods of two containers each; default 60.

import assert from "node:assert/strict";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { deployment, job, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";
import { podMemory } from "../pod_memory.ts";

const VALUES = {
  falco: { json_output: true },
  metrics: { enabled: true },
  customRules: { "programs.yaml": PROGRAM_RULES },
};
const JOBS = Number(Deno.env.get("FALCO_CLUSTER_JOBS") ?? "60");
const AT_ONCE = 6;
const CROWD = 100;
const FACTS = [
  ...["container.name", "container.image.repository", "container.image.tag", "container.image.digest"],
  ...["k8s.pod.name", "k8s.ns.name", "k8s.pod.labels"],
];

interface TimedAlert {
  readonly lateMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const SHORT_LIVED: readonly ClusterCase[] = [
  {
    name: "jobs",
    aim:
      `${JOBS} pods of an init and a main container that run /bin/id: no fact is missing in a container's first alert`,
    run: async (lab) => {
      await lab.install(VALUES);
      const wish = { name: "ids", command: ["/bin/id"], init: ["/bin/id"], labels: { of: "ids" } };
      await lab.apply(job(wish, JOBS, AT_ONCE));
      await lab.until(
        "all jobs are complete",
        async () =>
          (await lab.kubectl("get", "job", "ids", "-o", "jsonpath={.status.succeeded}")) === String(JOBS),
        JOBS * 10_000,
      );
      const figures = await firstAlerts(lab, 2 * JOBS);
      await lab.delete("job", "ids");
      return figures;
    },
  },
  {
    name: "crowd",
    aim: `${CROWD} pods at once: no fact is missing in a container's first alert`,
    run: async (lab) => {
      await lab.install(VALUES);
      const idle = await podMemory(lab);
      await lab.apply(deployment({ name: "crowd", labels: { of: "crowd" } }, CROWD));
      await lab.until(
        "all pods are available",
        async () =>
          (await lab.kubectl("get", "deployment", "crowd", "-o", "jsonpath={.status.availableReplicas}")) ===
            String(CROWD),
        600_000,
      );
      const figures = await firstAlerts(lab, CROWD);
      const { nowMiB, mostMiB } = await podMemory(lab);
      await lab.delete("deployment", "crowd");
      return `${figures}; memory ${idle.nowMiB} MiB idle, ${nowMiB} MiB with ${CROWD} pods, ${mostMiB} MiB at most`;
    },
  },
];

/** The first alert of each container, and how late all of them were written. */
async function firstAlerts(lab: ClusterLab, expected: number): Promise<string> {
  const first = new Map<string, TimedAlert>();
  const late: number[] = [];
  // this machine may have other containers, too; those of pods stay until their pods are deleted
  const own = new Set(
    (await lab.ctr("-n", "k8s.io", "containers", "ls", "-q")).split("\n").map((id) => id.slice(0, 12)),
  );
  for (const alert of await timedAlerts(lab)) {
    const id = String(alert.fields["container.id"]);
    if (alert.fields["k8s.ns.name"] === NAMESPACE || !own.has(id)) continue;
    late.push(alert.lateMs);
    if (!first.has(id)) first.set(id, alert);
  }
  const mains = [...first.values()].filter(({ fields }) =>
    fields["k8s.pod.name"] !== fields["container.name"]
  );
  const missing = [...first.values()].map(({ fields }) => FACTS.filter((name) => isNothing(fields[name])));
  const bare = missing.filter((names) => names.length === FACTS.length).length;
  const which = [...first.values()].filter((_, index) => missing[index]!.length > 0).map((
    { lateMs, fields },
  ) =>
    `${fields["proc.cmdline"]} of ${fields["container.id"]}, late by ${lateMs} ms, without ${
      FACTS.filter((name) => isNothing(fields[name])).join(" ")
    }`
  );
  const part = missing.filter((names) => names.length > 0 && names.length < FACTS.length);
  late.sort((a, b) => a - b);
  const at = (share: number) => `${Math.round(late[Math.floor(share * (late.length - 1))] ?? 0)} ms`;
  const figures = `${first.size} containers, ${bare} without facts, ${part.length} in part; ` +
    `${late.length} alerts, late by ${at(0.5)} (median), ${at(0.99)} (99 %), ${at(1)} (most); ` +
    `${await waits(lab)}; load ${Deno.loadavg()[0]!.toFixed(0)}`;
  assert.equal(bare + part.length, 0, [figures, ...which.slice(0, 10)].join("\n"));
  assert.ok(mains.length >= expected, `${figures}; expected ${expected}`);
  return figures;
}

/** What became of the waits for facts, as falco counts them. */
async function waits(lab: ClusterLab): Promise<string> {
  const counts = (await lab.metrics()).matchAll(
    /^falcosecurity_\w*containers_seen_total\{.*outcome="(\w+)".*\} (\d+)/gm,
  );
  return [...counts].map(([, outcome, count]) => `${outcome} ${count}`).join(", ");
}

/** kubectl's times are those at which the runtime has read the line. */
async function timedAlerts(lab: ClusterLab): Promise<TimedAlert[]> {
  const { text } = await lab.tryKubectl(
    ...[
      "logs",
      "-n",
      NAMESPACE,
      "-l",
      "app.kubernetes.io/name=falco",
      "-c",
      "falco",
      "--tail=-1",
      "--timestamps",
    ],
  );
  return text.split("\n").flatMap((line) => {
    const [, written, json] = /^(\S+) (\{.*)$/.exec(line) ?? [];
    if (written === undefined || json === undefined) return [];
    const { rule, time, output_fields } = JSON.parse(json);
    if (rule !== PROGRAM_RULE) return [];
    return [{ lateMs: Date.parse(written) - Date.parse(time), fields: output_fields }];
  });
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}
