// The configuration as one tree of YAML nodes, each still with the place where it was written: files joined by Falco's
// strategies, and values of -o put to where their paths lead.
// In: trees. Out: new trees; nothing is changed in place, since anchors share nodes.
// Elsewhere: what the keys mean (config/read.ts).

import {
  makeSource,
  MappedText,
  type Source,
  type Span,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from "../rules/mod.ts";
import type { STRATEGIES } from "./keys/files.ts";
import type { Step } from "./path.ts";

export type Strategy = typeof STRATEGIES[number];

export function emptyTree(): YamlMap {
  return { kind: "map", entries: new Map(), span: spanOf(makeSource("", "")) };
}

/** Joins a further file: only keys at the top are looked at, a section is replaced as a whole. */
export function mergeTrees(before: YamlMap, added: YamlMap, strategy: Strategy): YamlMap {
  const entries = new Map(before.entries);
  for (const [name, entry] of added.entries) {
    const old = entries.get(name);
    if (old === undefined || strategy === "override") entries.set(name, entry);
    else if (strategy === "append") entries.set(name, appended(old, entry));
  }
  return { ...before, entries };
}

function appended(old: YamlEntry, added: YamlEntry): YamlEntry {
  if (added.value.kind !== "sequence") return added;
  const items = old.value.kind === "sequence"
    ? old.value.items
    : old.value.kind === "null"
    ? []
    : [old.value];
  return { key: old.key, value: { ...added.value, items: [...items, ...added.value.items] } };
}

export type Placed = { readonly node: YamlNode } | { readonly problem: string };

/** The tree in which the path leads to the value. */
export function placeValue(before: YamlNode | undefined, steps: readonly Step[], value: YamlNode): Placed {
  const [step, ...rest] = steps;
  if (step === undefined) return { node: value };
  const { span } = value;
  const old = before?.kind === "null" ? undefined : before;
  if (step.kind === "name") {
    if (old !== undefined && old.kind !== "map") {
      return {
        problem: `${step.name} cannot stand below ${
          old.kind === "sequence" ? "a list: say [0] or []" : "a text"
        }`,
      };
    }
    const inner = placeValue(old?.entries.get(step.name)?.value, rest, value);
    if ("problem" in inner) return inner;
    const entries = new Map(old?.entries);
    entries.set(step.name, { key: scalarNode(step.name, span), value: inner.node });
    return { node: { kind: "map", entries, span: old?.span ?? span } };
  }
  if (old?.kind === "map") return { problem: "there are names, not a list, where the brackets point" };
  const items = old === undefined ? [] : old.kind === "sequence" ? [...old.items] : [old];
  if (step.kind === "each") return placeInEach(items, rest, value, old?.span ?? span);
  const index = step.kind === "append" ? items.length : step.index;
  if (index > items.length) {
    return { problem: `the list has ${items.length} entries: [${index}] is beyond its end` };
  }
  const inner = placeValue(items[index], rest, value);
  if ("problem" in inner) return inner;
  items[index] = inner.node;
  return { node: { kind: "sequence", items, span: old?.span ?? span } };
}

/** In a list without entries, in its first one. */
function placeInEach(
  items: readonly (YamlNode | undefined)[],
  steps: readonly Step[],
  value: YamlNode,
  span: Span,
): Placed {
  const placed: YamlNode[] = [];
  for (const item of items.length === 0 ? [undefined] : items) {
    const inner = placeValue(item, steps, value);
    if ("problem" in inner) return inner;
    placed.push(inner.node);
  }
  return { node: { kind: "sequence", items: placed, span } };
}

/** Texts of a tree replaced, keys left as they are. An anchor's node is replaced once. */
export function mapScalars(node: YamlNode, change: (text: string) => string): YamlNode {
  const done = new Map<YamlNode, YamlNode>();
  const visit = (from: YamlNode): YamlNode => {
    const before = done.get(from);
    if (before !== undefined) return before;
    const made = changed(from);
    done.set(from, made);
    return made;
  };
  const changed = (from: YamlNode): YamlNode => {
    switch (from.kind) {
      case "null":
        return from;
      case "scalar": {
        const text = change(from.value);
        return text === from.value ? from : scalarNode(text, from.span);
      }
      case "sequence":
        return { ...from, items: from.items.map(visit) };
      case "map": {
        const entries = [...from.entries].map(([name, { key, value }]) =>
          [name, { key, value: visit(value) }] as const
        );
        return { ...from, entries: new Map(entries) };
      }
    }
  };
  return visit(node);
}

export function scalarNode(value: string, span: Span): YamlNode & { kind: "scalar" } {
  return { kind: "scalar", value, span, text: MappedText.synthetic(value, span) };
}

export function spanOf(source: Source): Span {
  return { source, start: 0, end: source.text.length };
}
