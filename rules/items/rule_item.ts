// Reads one `rule` item: a definition, an append, overrides, or the switch of an earlier rule.
// In: the mapping of the item. Out: a RawRule. Elsewhere: the values of its keys (rule_keys.ts), the earlier rule that it
// changes (collect.ts).

import { nearestName } from "../../base/mod.ts";
import { MappedText } from "../text/mapped_text.ts";
import { type Fix, insertFix } from "../diagnostics/fix.ts";
import {
  addToOverride,
  appendWithOverride,
  type Operation,
  readAppendFlag,
  readOverrides,
  writeOverride,
} from "./override.ts";
import { otherKind, reportOtherKind } from "./other_kind.ts";
import {
  APPENDABLE,
  presentKeys,
  readKeys,
  REPLACEABLE,
  type RuleDefinition,
  type RuleKeys,
} from "./rule_keys.ts";
import { type MapReader, short } from "../yaml/decode.ts";
import type { YamlScalar } from "../yaml/nodes.ts";

export type RawRule =
  & {
    readonly kind: "rule";
    readonly name: YamlScalar;
    readonly source?: YamlScalar;
    /** something is wrong with it, and reported: it is checked further, but does not run */
    readonly damaged?: true;
    /** there is an `override`, whatever it says */
    readonly overrides?: true;
  }
  & (
    | { readonly mode: "define"; readonly keys: RuleDefinition }
    | { readonly mode: "switch"; readonly enabled: boolean }
    /** appends run first; the old `append: true` has no replacements */
    | { readonly mode: "change"; readonly append?: RuleKeys; readonly replace?: RuleKeys }
  );

export const RULE_KEYS = ["rule", "source", "override", "append", ...REPLACEABLE];

export function readRule(name: YamlScalar, reader: MapReader): RawRule | undefined {
  const other = otherKind(reader, "rule", name.value);
  if (other !== undefined) {
    reportOtherKind(reader, "rule", other);
    return undefined;
  }
  const isWhole = REQUIRED.every((key) => reader.has(key));
  const isChange = reader.has("override") || reader.has("append") || !REQUIRED.some((key) => reader.has(key));
  // what is missing says it already
  reader.unknownKeys(RULE_KEYS, {
    needed: isChange ? [] : REQUIRED,
    isTold: (key) => !isWhole && isLikeOverride(key),
  });
  const sourceNode = reader.node("source");
  const empty = sourceNode === undefined || sourceNode.kind === "null" ||
    (sourceNode.kind === "scalar" && sourceNode.value === "");
  const source = empty ? undefined : reader.scalar("source");
  const head = {
    kind: "rule" as const,
    name,
    ...(source === undefined ? {} : { source }),
    ...(mentionsOverride(reader) ? { overrides: true as const } : {}),
  };

  const append = readAppendFlag(reader);
  const overrides = readOverrides(reader, APPENDABLE, REPLACEABLE, append ? [] : REQUIRED);
  if (append && overrides.size > 0) appendWithOverride(reader);
  if (reader.failed) {
    // nothing is known of what it is for: the other keys are looked at alone
    readKeys(reader, presentKeys(reader), true);
    return undefined;
  }

  let rule: RawRule | undefined;
  if (overrides.size > 0) rule = readChange(reader, head, overrides);
  else if (append) {
    const keys = readKeys(reader, ["condition", "exceptions"].filter((key) => reader.has(key)), true);
    rule = { ...head, mode: "change", append: keys };
  } else if (!["condition", "output", "desc", "priority"].some((key) => reader.has(key))) {
    rule = readSwitch(reader, head);
  } else {
    const keys = readDefinition(reader);
    if (keys !== undefined) rule = { ...head, mode: "define", keys };
  }
  return reader.failed && rule !== undefined ? { ...rule, damaged: true } : rule;
}

type Head = Pick<RawRule, "kind" | "name" | "source" | "overrides">;

function readSwitch(reader: MapReader, head: Head): RawRule | undefined {
  if (reader.scalar("enabled") === undefined) return undefined;
  const enabled = reader.boolean("enabled");
  if (enabled === undefined) return undefined;
  reader.report.add("deprecated", reader.keySpan("enabled"), "a rule with `enabled` alone is deprecated", {
    hint: "add `override: {enabled: replace}`",
    fixes: enabledAsOverride(reader),
  });
  return { ...head, mode: "switch", enabled };
}

function enabledAsOverride({ map }: MapReader): Fix[] {
  const { key, value } = map.entries.get("enabled")!;
  const { source, start } = key.span;
  const line = source.text.lastIndexOf("\n", start - 1) + 1;
  const lead = source.text.slice(line, start);
  const between = /^[\s-]*$/.test(lead) ? `\n${" ".repeat(lead.length)}` : ", ";
  const text = "override: {enabled: replace}";
  return [insertFix(`Add \`${text}\``, value.span, between + text, true)];
}

function readChange(reader: MapReader, head: Head, overrides: ReadonlyMap<string, Operation>): RawRule {
  for (const [key, operation] of overrides) {
    if (reader.has(key)) continue;
    const article = operation === "append" ? "An append" : "A replace";
    reader.fail(
      "invalid-override",
      reader.keySpan("override"),
      `\`override\` names \`${key}\`, which is not there`,
      {
        notes: [`${article} override needs the key that it overrides with.`],
        about: key,
      },
    );
  }
  for (const key of REPLACEABLE) {
    if (!reader.has(key) || overrides.has(key)) continue;
    const use = APPENDABLE.includes(key)
      ? `\`${key}: append\` or \`${key}: replace\``
      : `\`${key}: replace\``;
    reader.fail(
      "invalid-override",
      reader.keySpan(key),
      `\`${key}\` is not among the keys under \`override\``,
      {
        hint: `add ${use} to \`override\``,
        fixes: addToOverride(reader, key, APPENDABLE.includes(key) ? ["append", "replace"] : ["replace"]),
        about: key,
      },
    );
  }
  const present = [...overrides].filter(([key]) => reader.has(key));
  const keysOf = (wanted: Operation) => present.filter(([, op]) => op === wanted).map(([key]) => key);
  const appended = keysOf("append");
  const replaced = keysOf("replace");
  return {
    ...head,
    mode: "change",
    ...(appended.length > 0 ? { append: readKeys(reader, appended, true) } : {}),
    ...(replaced.length > 0 ? { replace: readKeys(reader, replaced, false) } : {}),
  };
}

const REQUIRED = ["condition", "output", "desc", "priority"];

/** One word about all keys that are missing; most often such an item was meant to change an earlier rule. */
function failForMissing(reader: MapReader, missing: readonly string[]): void {
  const misspelt = [...reader.map.entries.values()].find(({ key }) => isLikeOverride(key.value))?.key;
  const changed = REPLACEABLE.filter((key) => reader.has(key)).map((key) =>
    `${key}: ${key === "condition" || key === "exceptions" ? "append" : "replace"}`
  );
  const override = reader.node("override");
  const named = override?.kind === "scalar" ? override : undefined;
  const hint = named !== undefined
    ? writeOverride(reader, named.value === "replace" ? "replace" : "append", APPENDABLE)
    : misspelt !== undefined
    ? `did you mean \`override\` instead of \`${short(misspelt.value)}\`?`
    : missing.length === REQUIRED.length - 1
    ? `add them; to change an earlier rule, add \`override: {${changed.slice(0, 3).join(", ")}}\``
    : undefined;
  const names = missing.map((key) => `\`${key}\``).join(missing.length > 2 ? ", " : " and ");
  reader.fail(
    "missing-key",
    named?.span ?? misspelt?.span ?? reader.headSpan(),
    `${reader.what} has no ${names}`,
    {
      about: missing[0]!,
      notes: named === undefined
        ? []
        : [`\`override: ${short(named.value)}\` names no key, so the item is read as a definition.`],
      hint,
    },
  );
}

/** Whether an item is meant to change an earlier one, even if it says so wrongly. */
export function mentionsOverride({ map }: MapReader): boolean {
  return [...map.entries.keys()].some((key) => key === "override" || isLikeOverride(key));
}

export function isLikeOverride(key: string): boolean {
  return key.length > 5 && !RULE_KEYS.includes(key) && nearestName(key, RULE_KEYS) === "override";
}

function readDefinition(reader: MapReader): RuleDefinition | undefined {
  const missing = REQUIRED.filter((key) => !reader.has(key));
  const isMisspelt = missing.some((key) => reader.misspelt(key) !== undefined);
  if (missing.length > 0 && !reader.map.damaged && !isMisspelt) {
    failForMissing(reader, missing);
    const node = reader.node("condition");
    // the rest of another condition, which cannot be read alone
    if (node?.kind === "scalar" && /^(and|or)\b/.test(node.value)) return undefined;
  }
  const keys = readKeys(reader, [
    ...new Set([...(isMisspelt || reader.map.damaged ? REQUIRED : []), ...presentKeys(reader)]),
  ], false);
  if (keys.condition === undefined) return undefined;
  return {
    condition: keys.condition,
    output: trimmed(keys.output ?? MappedText.synthetic("", keys.condition.whole)),
    desc: keys.desc ?? "",
    priority: keys.priority ?? "Debug",
    enabled: keys.enabled ?? true,
    capture: keys.capture ?? false,
    captureDurationMs: keys.captureDurationMs ?? 0,
    warnEventTypes: keys.warnEventTypes ?? true,
    skipIfUnknown: keys.skipIfUnknown ?? false,
    tags: keys.tags ?? [],
    exceptions: keys.exceptions ?? [],
  };
}

function trimmed(text: MappedText): MappedText {
  const start = text.text.search(/[^ \t\r\n\v\f]/);
  if (start < 0) return text.slice(0, 0);
  let end = text.text.length;
  while (/[ \t\r\n\v\f]/.test(text.text[end - 1]!)) end--;
  return start === 0 && end === text.text.length ? text : text.slice(start, end);
}
