// The upstream rules files as test data: they lie outside the project and may be missing.

import type { Source } from "../../rules/text/span.ts";
import { makeSource } from "../../rules/text/source.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

if (upstreamMissing !== undefined) {
  console.warn(`tests over the upstream rules are skipped: ${upstreamMissing}`);
}

export const UPSTREAM = upstreamMissing === undefined;

export const UPSTREAM_FILES = [
  "falco_rules",
  "falco-incubating_rules",
  "falco-sandbox_rules",
  "k8s_audit_rules",
];

export function upstreamSource(name: string): Source {
  return makeSource(`${name}.yaml`, Deno.readTextFileSync(upstreamRules(`${name}.yaml`)));
}
