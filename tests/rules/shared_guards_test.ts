// Which checks the function of an event asks for once for several rules. That rules answer the same with it is what all tests of
// compiled rules show.

import assert from "node:assert/strict";
import type { GuardedCandidate } from "../../rules/emit/guards.ts";
import { hasAll, sharedGuards } from "../../rules/emit/shared_guards.ts";
import type { PredicateNode } from "../../rules/lower/ir.ts";

const checks = new Map<string, PredicateNode>();
/** A check by its name; the same name is the same node. */
function check(name: string): PredicateNode {
  const known = checks.get(name);
  if (known !== undefined) return known;
  const node = { kind: "constant", value: true, id: checks.size } as unknown as PredicateNode;
  checks.set(name, node);
  return node;
}
const nameOf = (node: PredicateNode) => [...checks].find(([, known]) => known === node)![0];
const rulesOf = (...rules: string[]): GuardedCandidate[] =>
  rules.map((guards, rule) => ({
    rule,
    guards: guards.split(" ").filter(Boolean).map(check),
    rest: check("rest"),
  }));
const groupsOf = (...rules: string[]) =>
  sharedGuards(rulesOf(...rules)).map((group) => group.map(nameOf).join(" "));

Deno.test("what two rules begin with is asked for once; a check alone is not worth it", () => {
  assert.deepEqual(groupsOf("read file open a", "read file open b", "write file", "write"), [
    "read file open",
  ]);
  assert.deepEqual(groupsOf("read a", "read b", "", "c"), []);
});

Deno.test("of groups that begin alike the one of most rules is chosen, and no more than four are", () => {
  assert.deepEqual(groupsOf("r f o x", "r f o x", "r f o", "w f o", "w f o"), ["r f o", "w f o"]);
  const many = ["1", "2", "3", "4", "5"].flatMap((name) => [`${name} x`, `${name} x`]);
  assert.equal(groupsOf(...many).length, 4);
});

Deno.test("a rule that has all of a group's checks, in whatever order, uses its answer", () => {
  const group = ["read", "file", "open"].map(check);
  const [mixed, other] = rulesOf("read tty file tar open", "read open");
  assert.equal(hasAll(mixed!.guards, group), true);
  assert.equal(hasAll(other!.guards, group), false);
});
