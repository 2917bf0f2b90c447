// One `-o key=value` of the command line.
// In: the text, and the tree so far. Out: the tree with the value; what is wrong is reported.
// Elsewhere: whether there is such a key and what it takes (config/read.ts), as for files.

import type { YamlMap, YamlNode } from "../rules/mod.ts";
import { parseYaml } from "./file.ts";
import { type Findings, optionSource } from "./findings.ts";
import { parsePath, type Step } from "./path.ts";
import { definitionOf } from "./settings.ts";
import { placeValue, scalarNode, spanOf } from "./tree.ts";

export function applyOverride(text: string, tree: YamlMap, found: Findings): YamlMap {
  const equals = text.indexOf("=");
  const source = optionSource(text, text.slice(equals + 1).trim());
  const span = spanOf(source);
  const path = equals > 0 ? parsePath(text.slice(0, equals).trim()) : { problem: "expected key=value" };
  if ("problem" in path) {
    found.wrong(span, path.problem);
    return tree;
  }
  // `{…}` and `[…]` are YAML; anything else is a text
  const value: YamlNode | undefined = /^[{[]/.test(source.text)
    ? parseYaml(source, found)
    : scalarNode(source.text, span);
  if (value === undefined) return tree;
  const placed = placeValue(tree, throughLists(path.steps), value);
  if ("node" in placed) return placed.node as YamlMap;
  found.wrong(span, placed.problem);
  return tree;
}

/** A name right below a setting that is a list is a key of its entries: `append_output.suggested_output=false`. */
function throughLists(steps: readonly Step[]): readonly Step[] {
  let key = "";
  for (const [at, step] of steps.entries()) {
    if (step.kind !== "name") break;
    key = key === "" ? step.name : `${key}.${step.name}`;
    if (definitionOf(key)?.type !== "list" || steps[at + 1]?.kind !== "name") continue;
    return [...steps.slice(0, at + 1), { kind: "each" }, ...steps.slice(at + 1)];
  }
  return steps;
}
