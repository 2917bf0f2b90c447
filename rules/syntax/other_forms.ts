// Checks in the forms of other languages: what they are in this one.
// In: the condition's text around a word that cannot be read. Out: one clause, or nothing.
// Elsewhere: single words and signs (syntax_hints.ts), the grammar (parser.ts).

import { OPERATORS } from "./ast.ts";

const FIELD = String.raw`[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)+(?:\[[^\]\s]*\])?`;
const WORDS = OPERATORS.filter((operator) => /^\w/.test(operator)).join("|");
const COMPARES = new RegExp(String.raw`^\s*(?:===?|=|!=|<=?|>=?|(?:${WORDS})(?![\w.]))`);
const ONLY_FIELD = new RegExp(`^${FIELD}$`);

/** For a text in quotes where a check should begin. */
export function quotedFieldHint(quoted: string, rest: string): string | undefined {
  const inner = quoted.slice(1, -1).trim();
  if (ONLY_FIELD.test(inner)) return `fields have no quotes: write \`${inner}\``;
  return valueFirst(quoted, rest) ?? "a check begins with a field, and its value comes last";
}

/** `curl = proc.name` */
function valueFirst(value: string, rest: string): string | undefined {
  const [, operator, field] = new RegExp(`^\\s*(==?|!=)\\s*(${FIELD})(?![\\w(])`).exec(rest) ?? [];
  return field === undefined ? undefined : `the field comes first: write \`${field} ${operator} ${value}\``;
}

/** For a name without a dot that something is compared with. */
export function bareNameHint(
  name: string,
  rest: string,
  fieldsNamed: (name: string) => readonly string[],
): { readonly hint: string | undefined } | undefined {
  if (!COMPARES.test(rest)) return undefined;
  const reversed = valueFirst(name, rest);
  if (reversed !== undefined) return { hint: reversed };
  const [first, ...others] = fieldsNamed(name).map((field) => `\`${field}\``);
  if (first === undefined) return { hint: "the name of a field has a dot, as in `proc.name`" };
  return {
    hint: others.length === 0
      ? `did you mean ${first}?`
      : `the name of a field has a dot: ${[first, ...others].slice(0, 3).join(", ")}…`,
  };
}

/** `startswith(fd.name, "/etc")`, `exists(proc.name)`, `exists proc.name` */
export function callHint(word: string, rest: string): string | undefined {
  const [, field, value] = new RegExp(`^\\(\\s*(${FIELD})\\s*(?:,\\s*([^(),]+?)\\s*)?\\)`).exec(rest) ??
    new RegExp(`^\\s+(${FIELD})`).exec(rest) ?? [];
  if (field === undefined || (word !== "exists") === (value === undefined)) return undefined;
  return `write \`${field} ${word}${value === undefined ? "" : ` ${value}`}\``;
}

/** `proc.cmdline.contains("x")`: all but the parenthesis has been taken for a field. */
export function methodHint(field: string, rest: string): string | undefined {
  const [, name, word] = new RegExp(`^(.+)\\.(${WORDS})$`).exec(field) ?? [];
  if (name === undefined || !rest.startsWith("(")) return undefined;
  const value = /^\(\s*([^()]*?)\s*\)/.exec(rest)?.[1] ?? "…";
  if (word === "exists") return `write \`${name} exists\``;
  return ["in", "intersects", "pmatch"].includes(word!)
    ? `write \`${name} ${word} (${value})\``
    : `write \`${name} ${word} ${value}\``;
}

/** `proc.name not in (a)`, `proc.name !contains a`, `proc.name is not null`; `rest` begins where the operator should. */
export function negatedHint(field: string, rest: string): string | undefined {
  const [, isNot] = /^is\s*(not|_not)?\s*_?null\b/i.exec(rest) ?? [];
  if (/^is\s*(?:not|_not)?\s*_?null\b/i.test(rest)) {
    return `write \`${isNot === undefined ? "not " : ""}${field} exists\``;
  }
  if (/^is\s+not\b/i.test(rest)) return "compare with `!=`";
  if (/^!~/.test(rest)) return `write \`not ${field} regex …\``;
  const [, word] = new RegExp(`^(?:not\\s+|!\\s*)(${WORDS})\\b`, "i").exec(rest) ?? [];
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  const value = lower === "exists" ? "" : ["in", "intersects", "pmatch"].includes(lower) ? " (…)" : " …";
  return `\`not\` is before the whole check: \`not ${field} ${lower}${value}\``;
}

/** For a sign that negates where a check should begin and nothing follows. */
export function endHint(word: string, rest: string): string | undefined {
  return word === "!" && rest.trim() === "!" ? "remove it: nothing follows `!`" : undefined;
}

/** For a comma, or another sign that ends something elsewhere, after a whole check; `rest` begins with it. */
export function signHint(before: string, rest: string): string | undefined {
  const [sign] = /^(?:,|;+|&&?|\|\|?)/.exec(rest) ?? [];
  if (sign === undefined) return undefined;
  const after = rest.slice(sign.length);
  if (after.trim() === "") return `remove it: nothing follows \`${sign}\``;
  if (sign !== ",") return undefined;
  if (new RegExp(`^\\s*(?:not\\s+)?(?:${FIELD}|\\w+\\s*(?:and|or)\\b)`).test(after)) {
    return "write `and` or `or` instead of the comma";
  }
  const [, field, operator, value] = new RegExp(
    `(${FIELD})\\s*(==?|!=|in|intersects|pmatch|contains|startswith|endswith|glob)\\s*([^\\s(),=]+)\\s*$`,
  )
    .exec(before) ?? [];
  const [, more] = /^\s*([^\s(),=]+(?:\s*,\s*[^\s(),=]+)*)/.exec(after) ?? [];
  if (field === undefined || more === undefined) return undefined;
  const values = `(${value}, ${more.split(/\s*,\s*/).join(", ")})`;
  if (operator === "!=") return `write \`not ${field} in ${values}\``;
  if (operator!.startsWith("=")) return `write \`${field} in ${values}\``;
  return ["in", "intersects", "pmatch"].includes(operator!)
    ? `write \`${field} ${operator} ${values}\``
    : `write \`${field} ${operator} anyof ${values}\``;
}

/** For what follows a whole check and is meant for readers; `rest` begins with it. */
export function commentHint(rest: string): string | undefined {
  return /^(?:#|--|\/\/|\/\*)/.test(rest)
    ? "a condition holds no comments: put it above the rule, after `#`"
    : undefined;
}
