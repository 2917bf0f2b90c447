// Rights in the cluster: chart, manifests and operator give the same, and each rule says what needs it.

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { METADATA_RULES } from "../../operator/rbac.ts";
import { PROJECT } from "../support/program.ts";

const FILES = [
  "deploy/helm/falco/templates/cluster_role.yaml",
  "deploy/kubernetes/overlays/k8smeta/role.yaml",
];

for (const file of FILES) {
  Deno.test(`roles: ${file} gives what k8smeta needs, and says why`, async () => {
    const text = await Deno.readTextFile(`${PROJECT}${file}`);
    const rules = /\nrules:\n((?: .*\n)+)/.exec(text)![1]!;
    const whys = [...rules.matchAll(/^ {2}# (.*)$/gm)].map(([, why]) => why);
    const given = parse(rules).map((rule: object, at: number) => ({ why: whys[at], ...rule }));
    assert.equal(stringify(given), stringify(METADATA_RULES));
  });
}

Deno.test("roles: docs/kubernetes-metadata.md shows the same rules", async () => {
  const text = await Deno.readTextFile(`${PROJECT}docs/kubernetes-metadata.md`);
  const rules = /\nrules:\n((?: .*\n)+)```/.exec(text)![1]!;
  assert.deepEqual(parse(rules), METADATA_RULES.map(({ why: _, ...rule }) => rule));
});
