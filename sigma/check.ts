// Stage 4 of the import: one item of Sigma becomes a check of Falco's language.
// In: an item, the fields of its log source. Out: a condition. What has no counterpart stops the conversion with its reason.
// Elsewhere: values and their forms (values.ts), the fields (fields.ts), regular expressions (regex.ts).
//
// Sigma's texts do not care about case, Falco's do: `tolower(field)` is compared with the value in lower case, or
// `icontains` and `iglob`. `|cased`, base64 and regular expressions care.

import type { FieldTarget, LogSource } from "./fields.ts";
import { quoted } from "./quoted.ts";
import { regexCheck } from "./regex.ts";
import { CannotConvert, type Item } from "./tree.ts";
import { type Pattern, variantsOf } from "./values.ts";

const ENCODINGS = ["windash", "base64", "base64offset", "wide", "utf16le", "cased"];
const SHAPES = ["contains", "startswith", "endswith"];
const ORDER: Readonly<Record<string, string>> = { lt: "<", lte: "<=", gt: ">", gte: ">=" };
const OTHERS = ["re", "i", "m", "s", "cidr", "exists", ...Object.keys(ORDER)];

export function checkOf(item: Item, source: LogSource): string {
  const { field, modifiers } = item;
  const unknown = modifiers.find((word) => ![...ENCODINGS, ...SHAPES, ...OTHERS].includes(word));
  if (unknown !== undefined) throw new CannotConvert(`the modifier \`${unknown}\` has no counterpart`);
  const target = field === undefined ? source.keywords : source.fields[field];
  if (target === undefined) {
    throw new CannotConvert(
      field === undefined ? "keywords are looked for in the text of a log" : `no field holds \`${field}\``,
    );
  }
  // a keyword may be anywhere in the record
  const shaped = field === undefined && modifiers.length === 0 ? { ...item, modifiers: ["contains"] } : item;
  return anyOf(target.fields.map((name) => checkOfField(shaped, name, target)));
}

function checkOfField(item: Item, field: string, { kind }: FieldTarget): string {
  const { modifiers, value } = item;
  if (modifiers.includes("exists")) return value === false ? `not ${field} exists` : `${field} exists`;
  if (value === null) return `not ${field} exists`;
  const order = modifiers.find((word) => word in ORDER);
  if (order !== undefined) {
    if (kind === "text") throw new CannotConvert(`\`${item.field}\` is a text and has no order`);
    return `${field} ${ORDER[order]} ${wholeNumber(value, item)}`;
  }
  if (modifiers.includes("cidr")) {
    if (kind !== "ip") throw new CannotConvert(`\`${item.field}\` is no address`);
    return `${field.replace(/ip$/, "net")} = ${quoted(String(value))}`;
  }
  switch (kind) {
    case "number":
    case "port":
      if (modifiers.length > 0) throw new CannotConvert(`\`${item.field}\` is a number, not a text`);
      return `${field} = ${wholeNumber(value, item)}`;
    case "initiated":
      if (String(value) === "true") return `${field} = connect`;
      throw new CannotConvert("connections that others begin (`Initiated: false`) are no connects");
    case "ip":
    case "host":
      return exactly(field, item, kind);
    default:
      return textCheck(item, field);
  }
}

/** Falco resolves the names of a condition to addresses, so it knows whole names only. */
function exactly(field: string, { field: name, modifiers, value }: Item, kind: "ip" | "host"): string {
  const text = String(value);
  if (modifiers.length === 0 && !/[*?]/.test(text)) return `${field} = ${quoted(text)}`;
  throw new CannotConvert(
    kind === "ip"
      ? `parts of the address \`${name}\` cannot be compared`
      : `parts of the host name \`${name}\` cannot be compared: Falco resolves whole names`,
  );
}

function wholeNumber(value: Item["value"], { field }: Item): string {
  const text = String(value);
  if (!/^-?\d{1,18}$/.test(text)) {
    throw new CannotConvert(`\`${field}\` is a number, not \`${text.slice(0, 40)}\``);
  }
  return text;
}

function textCheck({ modifiers, value }: Item, field: string): string {
  const text = String(value);
  if (modifiers.includes("re")) return regexCheck(field, text, modifiers);
  const { texts, cased } = variantsOf(text, modifiers);
  const shape = SHAPES.find((word) => modifiers.includes(word)) ?? "=";
  return anyOf(texts.map((pattern) => patternCheck(field, widened(pattern, shape), cased)));
}

const ANY = { wildcard: "*" } as const;

/** `contains` is a `*` on both sides, and so on. */
function widened(pattern: Pattern, shape: string): Pattern {
  const before = shape === "contains" || shape === "endswith" ? [ANY] : [];
  const after = shape === "contains" || shape === "startswith" ? [ANY] : [];
  const parts = [...before, ...pattern, ...after];
  return parts.filter((part, at) => !(isStar(part) && isStar(parts[at - 1])));
}

function isStar(part: Pattern[number] | undefined): boolean {
  return typeof part === "object" && part.wildcard === "*";
}

function patternCheck(field: string, pattern: Pattern, cased: boolean): string {
  const literals = pattern.filter((part) => typeof part === "string");
  const wild = pattern.filter((part) => typeof part === "object");
  if (literals.length === 0 && wild.length === 0) return `${field} = ""`;
  if (literals.length === 0 && wild.every(isStar)) return `${field} exists`;
  if (literals.length === 1 && wild.every(isStar)) {
    const starts = isStar(pattern[0]), ends = isStar(pattern.at(-1));
    const [text] = literals as [string];
    // letters beyond ASCII have no lower case here
    if (starts && ends) return `${field} ${cased ? "contains" : "icontains"} ${quoted(text)}`;
    const operator = starts ? "endswith" : ends ? "startswith" : "=";
    const folds = !cased && /[a-z]/i.test(text);
    const left = folds ? `tolower(${field})` : field;
    return `${left} ${operator} ${quoted(folds ? lower(text) : text)}`;
  }
  const glob = pattern.map((part) =>
    typeof part === "string" ? part.replace(/[*?[\]\\]/g, "\\$&") : part.wildcard
  ).join("");
  return `${field} ${cased ? "glob" : "iglob"} ${quoted(glob)}`;
}

function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function anyOf(checks: readonly string[]): string {
  const different = [...new Set(checks)];
  return different.length === 1 ? different[0]! : `(${different.join(" or ")})`;
}
