// A text that is known: the tests of the matcher on it hold or not; what is not understood stays open.

import { equal } from "node:assert/strict";
import { holdsOf, literalsOf } from "../../../rules/kernel_filter/known_text.ts";
import type { TestNode } from "../../../rules/lower/ir.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function test(fn: string, ...literals: readonly string[]): TestNode {
  return { kind: "test", fn, right: { kind: "texts", items: literals.map(bytes) } } as unknown as TestNode;
}

const CASES: readonly (readonly [string, readonly string[], string, boolean | undefined])[] = [
  ["str_eq", ["ipv4"], "ipv4", true],
  ["str_eq", ["ipv4"], "ipv6", false],
  ["str_in", ["ipv4", "ipv6"], "ipv6", true],
  ["str_in", ["ipv4", "ipv6"], "unix", false],
  ["str_ne", ["unix"], "ipv4", true],
  ["str_ne", ["unix"], "unix", false],
  ["str_contains", ["v4"], "ipv4", true],
  ["str_contains", ["V4"], "ipv4", false],
  ["str_icontains", ["attach"], "PTRACE_ATTACH", true],
  ["str_icontains", ["seize"], "PTRACE_ATTACH", false],
  ["str_startswith", ["SIG"], "SIGKILL", true],
  ["str_startswith", ["KILL"], "SIGKILL", false],
  ["str_endswith", ["KILL"], "SIGKILL", true],
  ["str_endswith", ["SIG"], "SIGKILL", false],
  ["str_glob", ["SIG*"], "SIGKILL", undefined],
  ["str_eq", [], "ipv4", undefined],
];

for (const [fn, literals, text, verdict] of CASES) {
  Deno.test(`${fn} of ${literals.join(" or ") || "nothing"} on ${text}: ${verdict ?? "open"}`, () => {
    equal(holdsOf(test(fn, ...literals), text), verdict);
  });
}

Deno.test("what is compared with something else than literals stays open", () => {
  const node = { ...test("str_eq"), right: { kind: "field", fn: "proc_name" } } as unknown as TestNode;
  equal(literalsOf(node), undefined);
  equal(holdsOf(node, "cat"), undefined);
});
