// What a case expects.
// In: the value of `expect`. Out: expectations about rules, their alerts and lists.
// Elsewhere: whether they hold (run/compare.ts).

import { PRIORITIES, type Priority } from "../../base/mod.ts";
import { short, type Span, type YamlMap, type YamlNode } from "../../rules/mod.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";
import type { Expectation, FieldExpectation, FiredExpectation, ListExpectation, RuleName } from "./suite.ts";
import { readTextMatch } from "./text_match.ts";

export const EXPECT_KEYS = ["fired", "not_fired", "nothing_else", "lists"] as const;
export const FIRED_KEYS = ["rule", "times", "priority", "output", "fields"] as const;
export const LIST_KEYS = ["items", "contains", "lacks"] as const;

const NOTHING = "nothing";
const PRIORITY_WORDS = [...PRIORITIES, "Info"];

export function readExpect(reader: NodeReader, node: YamlNode): Expectation | undefined {
  const isEmpty = node.kind === "map"
    ? node.entries.size === 0
    : node.kind === "sequence" && node.items.length === 0;
  if (!isEmpty) return readParts(reader, node);
  return reader.fail("invalid-test", node, "this expects nothing that could fail", {
    hint: "write `expect: nothing` when no rule shall fire",
  });
}

function readParts(reader: NodeReader, node: YamlNode): Expectation | undefined {
  const { span } = node;
  const none = { fired: [], notFired: [], nothingElse: false, lists: [], span };
  if (node.kind === "scalar" && node.value === NOTHING) return { ...none, nothingElse: true };
  if (node.kind !== "map") return { ...none, fired: readFired(reader, node) };
  // a mapping with `rule` is one alert
  if (node.entries.has("rule")) return { ...none, fired: readFired(reader, node) };
  const map = reader.map(node, "`expect`", EXPECT_KEYS);
  if (map === undefined) return undefined;
  return {
    fired: readFired(reader, valueOf(map, "fired")),
    notFired: reader.list(valueOf(map, "not_fired")).flatMap((item) => nameOf(reader, item) ?? []),
    nothingElse: reader.flag(valueOf(map, "nothing_else"), "`nothing_else`") ?? false,
    lists: readLists(reader, valueOf(map, "lists")),
    span,
  };
}

function readFired(reader: NodeReader, node: YamlNode | undefined): FiredExpectation[] {
  return reader.list(node).flatMap((item): FiredExpectation[] => {
    if (item.kind === "scalar") {
      return [{ rule: { name: item.value, span: item.span }, times: AT_LEAST_ONCE, fields: [] }];
    }
    const map = reader.map(item, "an expected alert", FIRED_KEYS);
    const alert = map === undefined ? undefined : readAlert(reader, map, item);
    return alert === undefined ? [] : [alert];
  });
}

const AT_LEAST_ONCE = { min: 1, max: Infinity };

function readAlert(reader: NodeReader, map: YamlMap, node: YamlNode): FiredExpectation | undefined {
  const ruleNode = valueOf(map, "rule");
  const rule = ruleNode === undefined ? undefined : nameOf(reader, ruleNode);
  if (ruleNode === undefined) return reader.fail("missing-key", node, "an expected alert has no `rule`");
  if (rule === undefined) return undefined;
  const priorityNode = valueOf(map, "priority");
  const priority = reader.word(priorityNode, "`priority`", PRIORITY_WORDS);
  const outputNode = valueOf(map, "output");
  const output = outputNode === undefined ? undefined : readTextMatch(reader, outputNode, "`output`");
  return {
    rule,
    times: readTimes(reader, valueOf(map, "times")) ?? AT_LEAST_ONCE,
    fields: readFields(reader, valueOf(map, "fields")),
    ...(priority === undefined ? {} : {
      priority: {
        value: (priority === "Info" ? "Informational" : priority) as Priority,
        span: priorityNode!.span,
      },
    }),
    ...(output === undefined ? {} : { output }),
  };
}

/** `2`, `2+`, `1-3`. */
function readTimes(reader: NodeReader, node: YamlNode | undefined): { min: number; max: number } | undefined {
  const text = reader.text(node, "`times`");
  if (text === undefined) return undefined;
  const match = /^(\d{1,9})(?:(\+)|-(\d{1,9}))?$/.exec(text);
  const min = Number(match?.[1]), max = match?.[2] === "+" ? Infinity : Number(match?.[3] ?? match?.[1]);
  if (match !== null && max >= min) return { min, max };
  return reader.fail("invalid-test", node!, `\`${short(text)}\` is no number of alerts`, {
    hint: "write 2, 2+ for at least two, or 1-3",
  });
}

function readFields(reader: NodeReader, node: YamlNode | undefined): FieldExpectation[] {
  const map = node === undefined ? undefined : reader.map(node, "`fields`");
  return map === undefined ? [] : entriesOf(map).flatMap(({ key, value }) => {
    const match = readTextMatch(reader, value, `the field \`${short(key.value)}\``);
    return match === undefined ? [] : [{ field: key.value, keySpan: key.span, match }];
  });
}

function readLists(reader: NodeReader, node: YamlNode | undefined): ListExpectation[] {
  const map = node === undefined ? undefined : reader.map(node, "`lists`");
  return map === undefined ? [] : entriesOf(map).flatMap(({ key, value }): ListExpectation[] => {
    const name: RuleName = { name: key.value, span: key.span };
    if (value.kind !== "map") {
      return [{
        name,
        items: reader.texts(value, "the items of a list"),
        contains: [],
        lacks: [],
        node: value,
      }];
    }
    const parts = reader.map(value, "an expected list", LIST_KEYS);
    if (parts === undefined) return [];
    const items = valueOf(parts, "items");
    return [{
      name,
      ...(items === undefined ? {} : { items: reader.texts(items, "`items`") }),
      contains: reader.texts(valueOf(parts, "contains"), "`contains`"),
      lacks: reader.texts(valueOf(parts, "lacks"), "`lacks`"),
      node: value,
    }];
  });
}

function nameOf(reader: NodeReader, node: YamlNode): RuleName | undefined {
  const name = reader.text(node, "the name of a rule");
  return name === undefined ? undefined : { name, span: node.span as Span };
}
