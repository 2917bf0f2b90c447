// Tests on a cluster, one after the other: a line for each, then a table.
// In: a lab, names of tests; none: all. Out: 0, or 1 when one failed.
// Elsewhere: the cluster (scripts/cluster.ts calls this), the tests (cases/).

import { messageOf } from "../../base/mod.ts";
import { ADDRESSES } from "./cases/addresses.ts";
import { AUDIT } from "./cases/audit.ts";
import { CHART_CASES } from "./cases/chart.ts";
import { CONTAINERS } from "./cases/containers.ts";
import { FAULTS } from "./cases/faults.ts";
import { FIRST_MOMENTS } from "./cases/first_moments.ts";
import { GUIDE } from "./cases/guide.ts";
import { KUSTOMIZE } from "./cases/kustomize.ts";
import { METADATA } from "./cases/metadata.ts";
import { MONITORING } from "./cases/monitoring.ts";
import { OPERATOR } from "./cases/operator.ts";
import { OTHER_NODE } from "./cases/other_node.ts";
import { POD_SETTINGS } from "./cases/pod_settings.ts";
import { REGISTRIES } from "./cases/registry.ts";
import { CAPABILITIES } from "./cases/rights/capabilities.ts";
import { INSTANCE_RIGHTS } from "./cases/rights/instance.ts";
import { METADATA_RIGHTS } from "./cases/rights/metadata.ts";
import { OPERATOR_RIGHTS } from "./cases/rights/operator.ts";
import { SERVICES_CASES } from "./cases/services.ts";
import { SHELLS } from "./cases/shells.ts";
import { SHORT_LIVED } from "./cases/short_lived.ts";
import { TOKEN_LIFETIME } from "./cases/token_lifetime.ts";
import { TOKENS } from "./cases/tokens.ts";
import { TWO_NODES } from "./cases/two_nodes.ts";
import { UPSTREAM } from "./cases/upstream_chart.ts";
import type { ClusterCase } from "./case.ts";
import type { ClusterLab } from "./cluster_lab.ts";

export const CASES: readonly ClusterCase[] = [
  ...CHART_CASES,
  ...CONTAINERS,
  ...REGISTRIES,
  ...SHORT_LIVED,
  ...FIRST_MOMENTS,
  ...SHELLS,
  ...METADATA,
  ...TOKENS,
  ...TOKEN_LIFETIME,
  ...FAULTS,
  ...SERVICES_CASES,
  ...ADDRESSES,
  ...OTHER_NODE,
  ...TWO_NODES,
  ...POD_SETTINGS,
  ...MONITORING,
  ...OPERATOR,
  ...METADATA_RIGHTS,
  ...INSTANCE_RIGHTS,
  ...OPERATOR_RIGHTS,
  ...CAPABILITIES,
  ...KUSTOMIZE,
  ...GUIDE,
  ...UPSTREAM,
  ...AUDIT,
];

type Verdict = "passed" | "failed" | "skipped";

export async function runCases(lab: ClusterLab, names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => CASES.every((one) => one.name !== name));
  if (unknown.length > 0) {
    console.error(
      `No such test: ${unknown.join(", ")}. There are: ${CASES.map(({ name }) => name).join(", ")}`,
    );
    return 2;
  }
  const rows: { verdict: Verdict; name: string; seconds: number; text: string }[] = [];
  for (const one of CASES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startedMs = performance.now();
    const { verdict, text } = await attempt(one, lab);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    rows.push({ verdict, name: one.name, seconds, text });
    console.log(`${verdict.toUpperCase().padEnd(7)} ${one.name}: ${one.aim} (${seconds} s)\n        ${text}`);
  }
  console.log(`\n| test on Kubernetes ${lab.place.version} | result | s | figures |\n|---|---|---|---|`);
  for (const { verdict, name, seconds, text } of rows) {
    console.log(`| ${name} | ${verdict} | ${seconds} | ${text.split("\n")[0]!.replaceAll("|", "/")} |`);
  }
  const count = (wanted: Verdict) => rows.filter(({ verdict }) => verdict === wanted).length;
  console.log(`\n${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} skipped`);
  return count("failed") > 0 || count("passed") === 0 ? 1 : 0;
}

async function attempt(one: ClusterCase, lab: ClusterLab): Promise<{ verdict: Verdict; text: string }> {
  const refusal = one.refusal?.();
  if (refusal !== undefined) return { verdict: "skipped", text: refusal };
  try {
    return { verdict: "passed", text: await one.run(lab) };
  } catch (error) {
    return { verdict: "failed", text: messageOf(error) };
  } finally {
    // the next one begins with nothing of this one's
    await lab.clear().catch(() => {});
  }
}
