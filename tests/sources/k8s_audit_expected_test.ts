// Recorded audit events with upstream's rules, against what Falco found in them; with the bundled rules in their place it is the
// same, with users' changes to Falco's lists and macros too.

import { deepEqual } from "node:assert/strict";
import { makeSource } from "../../rules/text/source.ts";
import { UPSTREAM_FOLDER, upstreamMissing } from "../support/upstream.ts";
import { JsonEvaluator } from "./json_evaluator.ts";

const UPSTREAM = new URL(`file://${UPSTREAM_FOLDER}`);
const EXPECTED = new URL("k8s_audit/expected.tsv", UPSTREAM);

/** What the list calls these, before upstream gave each kind a rule of its own. */
const RENAMED: Readonly<Record<string, string>> = {
  "K8s Role/Clusterrole Deleted": "K8s ClusterRole Deleted",
  "K8s Role/Clusterrolebinding Created": "K8s ClusterRoleBinding Created",
};
/** Changes lists by names that upstream has given up: Falco refuses to load it. */
const STALE = "trust_nginx_container.yaml";

const BUNDLED = new URL("../../rules/bundled/k8s_audit_rules.yaml", import.meta.url);
const BASES: Readonly<Record<string, URL>> = {
  "Falco's": new URL("rules/k8s_audit_rules.yaml", UPSTREAM),
  "the bundled": BUNDLED,
};

for (const [whose, base] of Object.entries(BASES)) {
  Deno.test({
    name: `recorded audit events match the rules that Falco says, with ${whose} rules${
      upstreamMissing === undefined ? "" : `: skipped, ${upstreamMissing}`
    }`,
    ignore: upstreamMissing !== undefined,
    fn() {
      const differences: string[] = [];
      for (const line of Deno.readTextFileSync(EXPECTED).trim().split("\n").slice(1)) {
        const [trace = "", rules = "", , expected = ""] = line.split("\t");
        if (rules.includes(STALE)) continue;
        const sources = rules.split(",").map((name) => {
          const path = name === "k8s_audit_rules.yaml" ? base : new URL(`k8s_audit/rules/${name}`, UPSTREAM);
          return makeSource(name, Deno.readTextFileSync(path));
        });
        const evaluate = new JsonEvaluator(sources);
        deepEqual(evaluate.problems, []);
        const counts = new Map<string, number>();
        for (
          const text of Deno.readTextFileSync(new URL(`k8s_audit/traces/${trace}`, UPSTREAM)).trim().split(
            "\n",
          )
        ) {
          for (const { rule } of evaluate.evaluate(text)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
        }
        const [name = "", count = ""] = expected.split("=");
        const wanted = expected === "" ? "" : `${RENAMED[name] ?? name}=${count}`;
        const found = [...counts].map(([rule, times]) => `${rule}=${times}`).join(",");
        if (found !== wanted) differences.push(`${trace} with ${rules}: expected ${wanted}, found ${found}`);
      }
      deepEqual(differences, []);
    },
  });
}
