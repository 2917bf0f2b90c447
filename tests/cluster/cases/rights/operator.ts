// The roles of the operator: each of their lines is taken away, and the API server refuses something that an instance or an
// artifact needs in its life. A life that gets through without a line is a line too many.
// In: the bundle's rules. Out: for each line what was refused.
// Elsewhere: a life (life.ts), the rights of instances (instance.ts).

import assert from "node:assert/strict";
import { LEASE_RULES, OPERATOR_RULES } from "../../../../operator/rbac.ts";
import type { ClusterCase } from "../../case.ts";
import type { ClusterLab } from "../../cluster_lab.ts";
import { applyBundle, OPERATOR_NAMESPACE, removeBundle } from "../../operator_bundle.ts";
import { Life } from "./life.ts";
import { isAsked, type Line, linesOf, roleOf, tableOf } from "./lines.ts";

const NAME = "falco-operator";
const PATIENCE_MS = 400_000;
/** For what is asked for again and again, such as the lease: some lives are over before. */
const AFTER_LIFE_MS = 60_000;
const POD = ["-n", OPERATOR_NAMESPACE, "-l", `app.kubernetes.io/name=${NAME}`];
const ROLES = [
  { kind: "ClusterRole", rules: OPERATOR_RULES, namespace: undefined },
  { kind: "Role", rules: LEASE_RULES, namespace: OPERATOR_NAMESPACE },
] as const;

export const OPERATOR_RIGHTS: readonly ClusterCase[] = [
  {
    name: "rights-operator",
    aim: "each line of the operator's roles is needed: without it the API server refuses a part of its work",
    run: async (lab) => {
      await applyBundle(lab);
      const rows: { line: Line; said: string }[] = [];
      try {
        await Life.prepare(lab);
        let serial = 0;
        await new Life(lab, serial++).live();
        for (const { kind, rules, namespace } of ROLES) {
          for (const line of linesOf(rules).filter(({ resource }) => isAsked(resource))) {
            await lab.apply(roleOf(kind, NAME, line.others, namespace));
            // what is watched already is not asked for again
            if (["list", "watch"].includes(line.verb) || kind === "Role") await restartOperator(lab);
            const life = new Life(lab, serial++);
            const said = await refusal(lab, line, life);
            rows.push({ line, said });
            // an hour of nothing would be taken for a standstill
            console.error(`without ${line.verb} ${line.resource}: ${said || "all went well"}`);
            await lab.apply(roleOf(kind, NAME, rules, namespace));
            await life.leave();
          }
        }
      } finally {
        for (const { kind, rules, namespace } of ROLES) await lab.apply(roleOf(kind, NAME, rules, namespace));
        await restartOperator(lab);
        await Life.clear(lab);
        await removeBundle(lab);
      }
      const idle = rows.filter(({ said }) => said === "");
      assert.equal(idle.length, 0, `not needed:${tableOf(idle)}`);
      return `${rows.length} lines, each needed${tableOf(rows)}`;
    },
  },
];

/** @returns what was refused; "": all went well */
async function refusal(lab: ClusterLab, line: Line, life: Life): Promise<string> {
  const living = life.live().then(() => "lived", (error) => String(error));
  let end = "", endMs = 0;
  living.then((word) => {
    end = word;
    endMs = Date.now();
  });
  let said = "";
  await lab.until(`a refusal without ${line.verb} ${line.resource}, or the end of the life`, async () => {
    said = await refusedIn(lab, line, life);
    return said !== "" || (end === "lived" ? Date.now() > endMs + AFTER_LIFE_MS : end !== "");
  }, PATIENCE_MS);
  life.stop();
  await living;
  if (said === "" && end !== "lived") throw new Error(`without ${line.verb} ${line.resource}: ${end}`);
  return said;
}

/** By the operator's log, or by the status of an object. */
async function refusedIn(lab: ClusterLab, { verb, resource }: Line, life: Life): Promise<string> {
  const { text } = await lab.tryKubectl("logs", ...POD, "--tail=-1");
  const lines = [...text.split("\n"), ...await life.messages()].filter((line) =>
    /forbidden|status 403/i.test(line)
  );
  const direct = `cannot ${verb} resource "${resource}"`;
  const owner = /^falcos\/finalizers$/.test(resource) ? "can't set finalizers" : "\0";
  const plain = `"${resource.split("/")[0]}"`;
  const found = lines.find((line) =>
    line.includes(direct) || line.includes(owner) ||
    (line.includes("not currently held") &&
      (verb === "bind" || line.includes(plain) && line.includes(`"${verb}"`)))
  );
  if (found === undefined) return "";
  return found.includes(direct)
    ? "refused"
    : found.includes("not currently held")
    ? "a role cannot be given"
    : "an owner cannot be set";
}

async function restartOperator(lab: ClusterLab): Promise<void> {
  // the next one need not wait until the last one's time is over
  await lab.tryKubectl("delete", "pod", ...POD, "--grace-period=1");
  await lab.tryKubectl("delete", "lease", "-n", OPERATOR_NAMESPACE, NAME);
  await lab.kubectl("rollout", "status", "-n", OPERATOR_NAMESPACE, `deployment/${NAME}`, "--timeout=60s");
}
