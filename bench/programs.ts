// The programs that are measured next to each other: falco with the kernel's filter off and on, and another one that takes the same flags.
// In: FALCO_PEER, that other program and flags of its own, with spaces between ("/opt/falco/falco -c peer.yaml").
// Out: how each is called with the rules that all of them get. Elsewhere: how they run (watcher.ts).

import { PROJECT, SOURCE_TREE } from "../tests/support/program.ts";
import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";

export interface Program {
  readonly name: string;
  readonly command: readonly string[];
}

const PEER = Deno.env.get("FALCO_PEER")?.split(" ").filter((word) => word !== "") ?? [];

/** The program that FALCO_PEER names, or none. */
export const PEERS: readonly Program[] = PEER.length === 0
  ? []
  : [{ name: "peer", command: [...PEER, "-o", "engine.kind=modern_ebpf"] }];

/** Costs of rules are counted where metrics are served, unless falco is told not to. */
export function falcoWith(filter: "off" | "auto"): Program {
  const settings = ["-o", `engine.kernel_filter=${filter}`, "-o", "metrics.rule_costs_enabled=false"];
  return { name: `filter ${filter}`, command: [...SOURCE_TREE, ...settings] };
}

export const BUNDLED_RULES = `${PROJECT}rules/bundled/falco_rules.yaml`;

/** Upstream's stable ones where they are there, which another program can load, too. */
export const STABLE_RULES = upstreamMissing === undefined ? upstreamRules("falco_rules.yaml") : undefined;
