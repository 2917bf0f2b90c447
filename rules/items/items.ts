// Stage 3 of loading rules: YAML nodes become items: lists, macros, rules and requirements, each checked by itself.
// In: the documents of one file. Out: RawItem values in the order of the file, and diagnostics.
// Elsewhere: rules and their keys (rule_item.ts), exceptions (exception_item.ts), requirements (requirements.ts), what
// items of the same name do to each other (collect.ts). A damaged item becomes a `broken` one, so that its users are not blamed as well.

import type { Report } from "../diagnostics/diagnostic.ts";
import type { Span } from "../text/span.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { kindHint, otherFileHint, otherKind, reportOtherKind } from "./other_kind.ts";
import { appendWithOverride, readAppendFlag, readOverrides } from "./override.ts";
import { type RawPlugin, type RawVersion, readEngineVersion, readPluginVersions } from "./requirements.ts";
import { mentionsOverride, type RawRule, readRule } from "./rule_item.ts";
import type { Budget } from "../yaml/budget.ts";
import { MapReader, short } from "../yaml/decode.ts";
import { describeNode, firstOf, type YamlMap, type YamlNode, type YamlScalar } from "../yaml/nodes.ts";

export type RawItem = (RawVersion | RawPlugin | RawList | RawMacro | RawRule | RawBroken) & Placed;

interface Placed {
  /** of the item as a whole */
  readonly place?: Span;
}

export interface RawList {
  readonly kind: "list";
  readonly name: YamlScalar;
  readonly items: readonly MappedText[];
  readonly append: boolean;
  /** there is an `override`, whatever it says */
  readonly overrides: boolean;
}

export interface RawMacro {
  readonly kind: "macro";
  readonly name: YamlScalar;
  readonly condition: MappedText;
  readonly append: boolean;
  readonly overrides: boolean;
}

export interface RawBroken {
  readonly kind: "broken";
  readonly of: "list" | "macro" | "rule";
  readonly name: string;
}

/** The keys of a list and of a macro; those of a rule are in rule_item.ts. */
export const LIST_KEYS = ["list", "items", "append", "override"] as const;
export const MACRO_KEYS = ["macro", "condition", "append", "override"] as const;

const KINDS = ["required_engine_version", "required_plugin_versions", "list", "macro", "rule"] as const;

export function readItems(documents: readonly YamlNode[], report: Report, budget: Budget): RawItem[] {
  const items: RawItem[] = [];
  for (const document of documents) {
    if (document.kind === "null") continue;
    if (document.kind !== "sequence") {
      report.add(
        "not-a-sequence",
        firstOf(document),
        `a rules file is a sequence of items, not ${describeNode(document)}`,
        {
          hint: document.kind === "map" ? hintOfMap(document) : undefined,
        },
      );
      continue;
    }
    for (const node of document.items) items.push(...readItem(node, report, budget));
  }
  return items;
}

/** What one entry of the file is: an item, none, or several requirements. */
export function readItem(node: YamlNode, report: Report, budget: Budget): RawItem[] {
  const items: RawItem[] = [];
  if (node.kind === "map") readMap(node, items, report, budget);
  else if (node.kind !== "null") {
    report.add(
      "not-a-mapping",
      node.span,
      `an item is a mapping such as \`rule: …\`, not ${describeNode(node)}`,
    );
  }
  return items;
}

/** What a mapping in place of the items is likely to be. */
function hintOfMap({ entries }: YamlMap): string {
  const [first] = entries.values();
  if (first === undefined) return "put the items into brackets: `[{…}]`";
  const key = first.key.value;
  const other = otherFileHint(entries.keys());
  if (other !== undefined) return other;
  if (/^-\w/.test(key)) return `put a blank between the dash and \`${short(key.slice(1))}\``;
  if (first.value.kind === "sequence") {
    return `remove \`${short(key)}:\`: the items are at the top of the file`;
  }
  return "put `- ` before the first key of each item";
}

function readMap(map: YamlMap, items: RawItem[], report: Report, budget: Budget): void {
  const kind = KINDS.find((key) => map.entries.has(key));
  const place = map.span;
  const reader = (what: string) => new MapReader(map, what, report, budget);
  switch (kind) {
    case "required_engine_version": {
      const item = readEngineVersion(reader("required_engine_version"));
      if (item !== undefined) items.push({ ...item, place });
      return;
    }
    case "required_plugin_versions": {
      const made = readPluginVersions(reader("required_plugin_versions"));
      items.push(...made.map((item) => ({ ...item, place })));
      return;
    }
    case "list":
    case "macro":
    case "rule": {
      const named = reader(`a ${kind}`).scalar(kind);
      if (named === undefined) return;
      const item = readNamed(kind, named, reader(`the ${kind} \`${short(named.value)}\``));
      items.push({ ...item ?? { kind: "broken", of: kind, name: named.value }, place });
      return;
    }
    case undefined: {
      if (map.damaged) return;
      const keys = [...map.entries.keys()].map((key) => `\`${short(key)}\``);
      const message = keys.length === 0
        ? "an item without keys"
        : `an item with the keys ${keys.slice(0, 8).join(", ")}`;
      report.add("unknown-item", firstOf(map), message, {
        ...kindHint(map, KINDS),
        notes: [`An item is told by one of the keys ${KINDS.join(", ")}; this one is ignored.`],
      });
    }
  }
}

function readNamed(
  kind: "list" | "macro" | "rule",
  name: YamlScalar,
  reader: MapReader,
): RawItem | undefined {
  switch (kind) {
    case "list":
      return readList(name, reader);
    case "macro":
      return readMacro(name, reader);
    case "rule":
      return readRule(name, reader);
  }
}

function readList(name: YamlScalar, reader: MapReader): RawList | undefined {
  const other = otherKind(reader, "list", name.value);
  // what is missing says it already
  reader.unknownKeys(LIST_KEYS, {
    needed: ["items"],
    isTold: (key) => other?.foreign.includes(key) === true,
  });
  if (!/^[^()"'\s=,]+$/.test(name.value)) {
    reader.report.add(
      "invalid-list-name",
      name.span,
      `\`${short(name.value)}\` cannot be named in a condition`,
      {
        notes: ["The name of a list has no blanks, quotes, parentheses, commas or equals signs."],
      },
    );
  }
  if (other !== undefined) reportOtherKind(reader, "list", other);
  if (reader.failed) return undefined;
  const items = reader.scalars("items", true);
  const append = readAppend(reader, "items");
  if (reader.failed || items === undefined) return undefined;
  return {
    kind: "list",
    name,
    items: items.map((item) => item.text),
    append,
    overrides: mentionsOverride(reader),
  };
}

function readMacro(name: YamlScalar, reader: MapReader): RawMacro | undefined {
  const other = otherKind(reader, "macro", name.value);
  // what is missing says it already
  reader.unknownKeys(MACRO_KEYS, {
    needed: ["condition"],
    isTold: (key) => other?.foreign.includes(key) === true,
  });
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name.value)) {
    reader.report.add(
      "invalid-macro-name",
      name.span,
      `\`${short(name.value)}\` cannot be named in a condition`,
      {
        notes: ["The name of a macro is a letter, then letters, digits and underscores."],
      },
    );
  }
  if (other !== undefined) reportOtherKind(reader, "macro", other);
  if (reader.failed) return undefined;
  const condition = reader.scalar("condition");
  const append = readAppend(reader, "condition");
  if (reader.failed || condition === undefined) return undefined;
  return { kind: "macro", name, condition: condition.text, append, overrides: mentionsOverride(reader) };
}

/** `append: true` or `override: {key: append|replace}` of an item that has one key to change. */
function readAppend(reader: MapReader, key: string): boolean {
  const append = readAppendFlag(reader);
  const overrides = readOverrides(reader, [key], [key], [key]);
  if (append && overrides.size > 0) appendWithOverride(reader);
  return append || overrides.get(key) === "append";
}
