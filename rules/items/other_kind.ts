// Items whose keys are those of another kind: a list with a `condition`, a macro with an `output`, a mapping without a name.
// In: the keys of an item. Out: the kind that it seems to be, and what to do about it.
// Elsewhere: reading items (items.ts, rule_item.ts).

import { nearestName } from "../../base/mod.ts";
import { type Fix, replaceFix } from "../diagnostics/fix.ts";
import { type MapReader, short } from "../yaml/decode.ts";
import type { YamlMap } from "../yaml/nodes.ts";

export type NamedKind = "list" | "macro" | "rule";

/** Without these an item is none of its kind. */
const NEEDED = {
  list: ["items"],
  macro: ["condition"],
  rule: ["condition", "output", "desc", "priority"],
} as const satisfies Record<NamedKind, readonly string[]>;

/** All that tells one kind from another. */
const KEYS: Readonly<Record<NamedKind, readonly string[]>> = {
  list: NEEDED.list,
  macro: NEEDED.macro,
  rule: [
    ...NEEDED.rule,
    "exceptions",
    "tags",
    "enabled",
    "source",
    "warn_evttypes",
    "skip-if-unknown-filter",
  ],
};

/** Keys that fit any kind: people also describe lists. */
const NEUTRAL = ["append", "override", "desc"];

export interface OtherKind {
  readonly kind: NamedKind;
  /** the keys that the item's own kind does not have */
  readonly foreign: readonly string[];
  readonly hint: string;
  readonly fixes: readonly Fix[];
}

/** The kind that an item seems to be, when that is not the one that it says. */
export function otherKind({ map }: MapReader, own: NamedKind, name: string): OtherKind | undefined {
  const keys = [...map.entries.keys()].filter((key) => key !== own);
  const foreign = keys.filter((key) => !KEYS[own].includes(key) && !["append", "override"].includes(key));
  if (foreign.length === 0) return undefined;
  // as `desc` does not count, it alone makes nothing a rule
  const telling = keys.filter((key) => !NEUTRAL.includes(key));
  const isWhole = own === "rule"
    ? telling.some((key) => KEYS.rule.includes(key))
    : NEEDED[own].every((key) => keys.includes(key));
  const kind = (["list", "macro", "rule"] as const).find((other) =>
    other !== own && telling.length > 0 && telling.every((key) => KEYS[other].includes(key)) &&
    (!isWhole || NEEDED[other].every((key) => keys.includes(key)))
  );
  if (kind === undefined) return undefined;
  const { span } = map.entries.get(own)!.key;
  const first = foreign.find((key) => !NEUTRAL.includes(key)) ?? foreign[0];
  const said = foreign.length === 1 ? `\`${short(first!)}\` belongs` : "they belong";
  return {
    kind,
    foreign,
    hint: `${isWhole ? said : `\`${short(first!)}\` belongs`} to a ${kind}: write \`${kind}: ${
      short(name)
    }\``,
    fixes: [replaceFix(`Write \`${kind}\``, span, kind, false)],
  };
}

/** One finding, whatever all its keys are. An item that has what its kind needs can still be used. */
export function reportOtherKind(
  reader: MapReader,
  own: NamedKind,
  { foreign, hint, fixes }: OtherKind,
): void {
  const missing = NEEDED[own].filter((key) => !reader.has(key)).map((key) => `\`${key}\``);
  if (missing.length > 0) {
    const message = `${reader.what} has no ${missing.join(missing.length > 2 ? ", " : " and ")}`;
    reader.fail("missing-key", reader.node(own)!.span, message, {
      about: NEEDED[own].find((key) => !reader.has(key))!,
      hint,
      fixes,
    });
    return;
  }
  const keys = foreign.map((key) => `\`${short(key)}\``).join(", ");
  const [verb, note] = foreign.length === 1
    ? ["the key %s means nothing in", "It is ignored."]
    : ["the keys %s mean nothing in", "They are ignored."];
  const message = `${verb!.replace("%s", () => keys)} ${reader.what}`;
  reader.report.add("unknown-key", reader.keySpan(foreign[0]!), message, { notes: [note!], hint, fixes });
}

/** Settings that people look for in rules files, or that begin the file of settings. */
const SETTINGS = [
  "append_output",
  "rules_files",
  "rules_file",
  "engine",
  "plugins",
  "load_plugins",
  "config_files",
  "watch_config_files",
  "json_output",
  "stdout_output",
  "outputs",
  "static_fields",
  "base_syscalls",
];

/** For a mapping that is another of falco's files. */
export function otherFileHint(keys: Iterable<string>): string | undefined {
  for (const key of keys) {
    if (key === "cases") return "it seems to be a file of tests: run it with `falco test`";
    if (SETTINGS.includes(key)) return `\`${key}\` is a setting: its place is falco.yaml, which \`-c\` names`;
  }
  return undefined;
}

/** For an item that says no kind at all. */
export function kindHint(
  { entries }: YamlMap,
  kinds: readonly string[],
): { readonly hint?: string; readonly fixes?: readonly Fix[] } {
  for (const { key } of entries.values()) {
    const kind = nearestName(key.value, kinds);
    if (kind === undefined) continue;
    return {
      hint: `did you mean \`${kind}\` instead of \`${short(key.value)}\`?`,
      fixes: [replaceFix(`Replace \`${short(key.value)}\` by \`${kind}\``, key.span, kind, false)],
    };
  }
  if (entries.has("fields")) {
    return { hint: "an exception is a part of its rule: put it there under `exceptions`" };
  }
  const kind = entries.has("items")
    ? "list"
    : ["output", "priority", "exceptions"].some((key) => entries.has(key))
    ? "rule"
    : entries.has("condition")
    ? "macro"
    : undefined;
  if (kind === undefined) return {};
  const named = entries.get("name")?.key;
  if (named === undefined) return { hint: `it seems to be a ${kind}: give it a name by \`${kind}: …\`` };
  return {
    hint: `it seems to be a ${kind}: write \`${kind}\` instead of \`name\``,
    fixes: [replaceFix(`Replace \`name\` by \`${kind}\``, named.span, kind, false)],
  };
}
