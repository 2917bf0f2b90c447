// Alternatives on one value become one look-up: `x = a or x = b or x in (…)` a set, several pmatch lists or
// networks one list.

import type { Graph, PredicateNode, TestNode, ValueNode } from "./ir.ts";
import { distinct } from "./distinct.ts";
import * as checks from "./leaves.ts";

type Family = "str" | "ip" | "num" | "pmatch" | "net";

interface Group {
  readonly family: Family;
  readonly left: ValueNode;
  readonly members: PredicateNode[];
}

/** What family of look-ups a predicate belongs to, if it can be merged with others. */
function familyOf(node: PredicateNode): { family: Family; left: ValueNode } | undefined {
  if (node.kind === "compare") {
    const constant = node.operator === "=" && node.right.kind === "number" && node.left.form !== "double";
    return constant ? { family: "num", left: node.left } : undefined;
  }
  if (node.kind !== "test") return undefined;
  const { fn, left, right } = node;
  switch (fn) {
    case "str_eq":
      return right.kind === "text" ? { family: "str", left } : undefined;
    case "ip_eq":
      return right.kind === "text" ? { family: "ip", left } : undefined;
    case "str_in":
      return { family: "str", left };
    case "ip_in":
      return { family: "ip", left };
    case "num_in":
      return { family: "num", left };
    case "str_pmatch":
      return { family: "pmatch", left };
    case "net_contains":
      return { family: "net", left };
    default:
      return undefined;
  }
}

/** Merges what can be merged; everything else stays as it is. */
export function mergeAlternatives(
  graph: Graph,
  operands: ReadonlySet<PredicateNode>,
): ReadonlySet<PredicateNode> {
  const groups = new Map<string, Group>();
  for (const node of operands) {
    const found = familyOf(node);
    if (found === undefined) continue;
    const key = `${found.family} ${found.left.id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ...found, members: [node] });
    else group.members.push(node);
  }
  let result: Set<PredicateNode> | undefined;
  for (const group of groups.values()) {
    if (group.members.length < 2) continue;
    result ??= new Set(operands);
    for (const member of group.members) result.delete(member);
    result.add(union(graph, group));
  }
  return result ?? operands;
}

function union(graph: Graph, { family, left, members }: Group): PredicateNode {
  if (family === "num") return checks.numberIn(graph, left, members.flatMap(numbersOf));
  const tests = members as TestNode[];
  if (family === "net") {
    return checks.netContains(
      graph,
      left,
      tests.flatMap((test) => test.right.kind === "nets" ? test.right.items : []),
    );
  }
  const items = distinct(tests.flatMap(textsOf));
  if (family === "pmatch") return checks.pathMatch(graph, left, items);
  return checks.bytesIn(graph, family, left, items);
}

function numbersOf(node: PredicateNode): readonly bigint[] {
  if (node.kind === "compare") return node.right.kind === "number" ? [node.right.value] : [];
  return node.kind === "test" && node.right.kind === "numbers" ? node.right.items : [];
}

function textsOf(test: TestNode): readonly Uint8Array[] {
  if (test.right.kind === "text") return [test.right.bytes];
  return test.right.kind === "texts" || test.right.kind === "paths" ? test.right.items : [];
}
