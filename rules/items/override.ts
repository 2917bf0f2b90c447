// Reads the two ways in which an item says that it changes an earlier one: `override` and the old `append: true`.
// In: the mapping of a list, macro or rule. Out: what is done to which key. Elsewhere: doing it (collect.ts).

import { didYouMean } from "../../base/mod.ts";
import { type Fix, insertFix, replaceFix } from "../diagnostics/fix.ts";
import { type MapReader, short } from "../yaml/decode.ts";
import { describeNode, type YamlScalar } from "../yaml/nodes.ts";

export function readAppendFlag(reader: MapReader): boolean {
  const append = reader.boolean("append") ?? false;
  if (append) {
    reader.report.add("deprecated", reader.keySpan("append"), `\`append: true\` is deprecated`, {
      hint: `name the key that is appended to under \`override\`, such as \`override: {${
        reader.has("items") ? "items" : "condition"
      }: append}\``,
      fixes: asOverride(reader),
    });
  }
  return append;
}

/** What `append: true` appends; all other keys of the item would have to be overridden as well. */
const APPENDED = ["condition", "exceptions", "items"];
const NAMES = ["list", "macro", "rule", "source", "append"];

function asOverride(reader: MapReader): Fix[] {
  const entry = reader.map.entries.get("append")!;
  const keys = [...reader.map.entries.keys()].filter((key) => !NAMES.includes(key));
  if (keys.length === 0 || !keys.every((key) => APPENDED.includes(key))) return [];
  const text = `override: {${keys.map((key) => `${key}: append`).join(", ")}}`;
  const { source, start } = entry.key.span;
  return [replaceFix(`Write \`${text}\``, { source, start, end: entry.value.span.end }, text, true)];
}

/** Another key under `override`, for each way in which it can be there. */
export function addToOverride(reader: MapReader, key: string, operations: readonly Operation[]): Fix[] {
  const node = reader.node("override");
  const [first] = node?.kind === "map" ? node.entries.values() : [];
  if (first === undefined) return [];
  const { source, start } = first.key.span;
  const line = source.text.lastIndexOf("\n", start - 1) + 1;
  const isBlock = source.text.slice(line, start).trim() === "";
  const end = isBlock ? `\n${" ".repeat(start - line)}` : ", ";
  return operations.map((operation) => {
    const text = `${key}: ${operation}`;
    return insertFix(`Add \`${text}\` to \`override\``, { source, start, end: start }, text + end, false);
  });
}

export function appendWithOverride(reader: MapReader): void {
  reader.fail(
    "invalid-override",
    reader.keySpan("append"),
    "`append: true` and `override` cannot be used together",
    {
      labels: [{ span: reader.keySpan("override"), message: "override here" }],
      hint: "keep `override` alone",
    },
  );
}

export type Operation = "append" | "replace";

/**
 * The mapping under `override`, key by key.
 * @param needed keys of a definition: an item without them is told so, and of its `override` too
 */
export function readOverrides(
  reader: MapReader,
  appendable: readonly string[],
  replaceable: readonly string[],
  needed: readonly string[],
): Map<string, Operation> {
  const found = new Map<string, Operation>();
  const node = reader.node("override");
  if (node === undefined || node.kind === "null") return found;
  if (node.kind === "scalar") {
    if (needed.every((key) => reader.has(key))) warnOfScalar(reader, node, replaceable);
    return found;
  }
  if (node.kind !== "map") {
    reader.fail(
      "invalid-override",
      node.span,
      `\`override\` has to be a mapping, not ${describeNode(node)}`,
      {
        hint: writeOverride(reader, "append", replaceable),
      },
    );
    return found;
  }
  for (const { key, value } of node.entries.values()) {
    const operation = value.kind === "scalar" ? value.value : "";
    const allowed = [
      ...(appendable.includes(key.value) ? ["append"] : []),
      ...(replaceable.includes(key.value) ? ["replace"] : []),
    ];
    if (operation !== "append" && operation !== "replace") {
      const rest = allowed.length > 0 ? `use ${allowed.map((a) => `\`${a}\``).join(" or ")}` : undefined;
      reader.fail(
        "invalid-override",
        value.span,
        `\`${key.value}\` cannot be overridden by \`${short(operation)}\``,
        {
          hint: rest,
        },
      );
    } else if (!allowed.includes(operation)) {
      const known = operation === "append" ? appendable : replaceable;
      const left = known.filter((name) => reader.has(name) && !node.entries.has(name));
      const other = allowed.length > 0
        ? `use \`${allowed[0]}\` instead`
        : key.value === "source"
        ? undefined
        : didYouMean(key.value, known) ??
          (left.length === 1 ? `write \`${left[0]}: ${operation}\`` : undefined);
      reader.fail(
        "invalid-override",
        key.span,
        `\`${short(key.value)}\` cannot be overridden with \`${operation}\``,
        {
          hint: other,
          notes: allowed.length > 0 || other !== undefined ? [] : [whatCan(key.value, operation, known)],
        },
      );
    } else {
      found.set(key.value, operation);
    }
  }
  return found;
}

function whatCan(key: string, operation: Operation, known: readonly string[]): string {
  if (key === "source") return "A rule keeps its source.";
  const can = known.map((name) => `\`${name}\``).join(", ");
  return `What can be ${operation === "append" ? "appended" : "replaced"}: ${can}.`;
}

/** What `override` should be, for the keys that the item has. */
export function writeOverride(reader: MapReader, operation: Operation, keys: readonly string[]): string {
  const present = keys.filter((key) => reader.has(key)).map((key) => `${key}: ${operation}`);
  return `write \`override: {${present.slice(0, 3).join(", ") || `KEY: ${operation}`}}\``;
}

/** A text under `override` names no key: to Falco the item is a definition like any other. */
function warnOfScalar(reader: MapReader, { value, span }: YamlScalar, keys: readonly string[]): void {
  const operation = value === "append" ? "append" : "replace";
  reader.report.add("ineffective-override", span, `\`override: ${short(value)}\` names no key`, {
    notes: [
      `The item is read as a definition: it replaces ${
        operation === "append" ? "all of an earlier one" : "an earlier one"
      }.`,
    ],
    hint: `${writeOverride(reader, operation, keys)} to change an earlier item`,
  });
}
