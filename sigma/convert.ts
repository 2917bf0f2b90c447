// The import of one rule: Sigma's rule becomes the text of a rule of Falco's, or the reason why it does not.
// In: a SigmaRule. Out: a rule with its log source, or a reason.
// Elsewhere: reading (sigma_rule.ts), trees (condition.ts, selection.ts), checks (check.ts), whether the rule loads (import.ts).

import { anyOf, checkOf } from "./check.ts";
import { parseCondition } from "./condition.ts";
import { CATEGORIES, type LogSource } from "./fields.ts";
import { ruleText } from "./rule_text.ts";
import { readSelection } from "./selection.ts";
import type { SigmaRule } from "./sigma_rule.ts";
import { any, CannotConvert, type Tree } from "./tree.ts";
import { recordSource } from "./record_source.ts";

export interface Converted {
  readonly title: string;
  /** of the file that it goes to */
  readonly group: string;
  readonly name: string;
  readonly text: string;
}

const MAX_CONDITION = 100_000;

/** @param taken names of rules before it; a rule whose title another has gets a part of its id */
export function convertRule(rule: SigmaRule, taken: ReadonlySet<string>): Converted | { reason: string } {
  try {
    const { group, condition, output } = conditionOf(rule);
    if (condition.length > MAX_CONDITION) throw new CannotConvert("its condition grows too long");
    const name = taken.has(rule.title) ? `${rule.title} (${rule.id?.slice(0, 8) ?? taken.size})` : rule.title;
    return { title: rule.title, group, name, text: ruleText(rule, name, condition, output) };
  } catch (error) {
    if (error instanceof CannotConvert) return { reason: error.message };
    throw error;
  }
}

function conditionOf(rule: SigmaRule): { group: string; condition: string; output: string } {
  const { product, category, service } = rule.logsource;
  if (rule.status === "deprecated" || rule.status === "unsupported") {
    throw new CannotConvert(`its status is \`${rule.status}\``);
  }
  if (product !== undefined && product !== "linux") {
    throw new CannotConvert(`it is about ${product}, not Linux`);
  }
  const names = [...rule.selections.keys()];
  const lookUp = (name: string) => readSelection(rule.selections.get(name), name);
  const tree = any(rule.conditions.map((text) => parseCondition(text, names, lookUp)));
  if (service === "auditd") {
    const { condition, output } = ofRecords(tree);
    return { group: "auditd", condition, output };
  }
  const source = category === undefined ? undefined : CATEGORIES[category];
  if (source === undefined) {
    throw new CannotConvert(
      category === undefined
        ? `its log source is the text of a log (${service ?? "unnamed"}), which no system call shows`
        : `its log source \`${category}\` has no counterpart`,
    );
  }
  return {
    group: category!,
    condition: `${source.events} and ${print(tree, source, true)}`,
    output: source.output,
  };
}

/** Each alternative of auditd's rules is about records of one type. */
function ofRecords(tree: Tree): { condition: string; output: string } {
  const parts = alternatives(tree).map((part) => {
    const { source, rest } = recordSource(part);
    return {
      source,
      condition: rest === undefined ? source.events : `${source.events} and ${print(rest, source, true)}`,
    };
  });
  const sources = new Set(parts.map(({ source }) => source.events));
  const output = parts[0]!.source.output;
  if (sources.size > 1 || parts.length === 1) {
    return {
      condition: anyOf(parts.map(({ condition }) => parts.length === 1 ? condition : `(${condition})`)),
      output,
    };
  }
  const { source } = parts[0]!;
  const rests = alternatives(tree).map((part) => recordSource(part).rest);
  if (rests.includes(undefined)) return { condition: source.events, output };
  const inner = anyOf(rests.map((rest) => `(${print(rest!, source, true)})`));
  return { condition: `${source.events} and ${inner}`, output };
}

/** An `or` at the top, where each part names its own type of record. */
function alternatives(tree: Tree): readonly Tree[] {
  const typed = (part: Tree): boolean =>
    part.kind === "item" ? part.field === "type" : part.kind !== "not" && part.parts.some(typed);
  return tree.kind === "or" && tree.parts.every(typed) ? tree.parts : [tree];
}

/** @param isOuter within an `and` that is already there */
function print(tree: Tree, source: LogSource, isOuter = false): string {
  switch (tree.kind) {
    case "item":
      return checkOf(tree, source);
    case "not":
      return `not ${parenthesised(print(tree.part, source))}`;
    case "and": {
      const text = tree.parts.map((part) => print(part, source, true)).join(" and ");
      return isOuter || tree.parts.length === 1 ? text : `(${text})`;
    }
    case "or":
      return printOr(tree.parts, source);
  }
}

function parenthesised(text: string): string {
  return text.startsWith("(") ? text : `(${text})`;
}

/** Whole values of one field are a list. */
function printOr(parts: readonly Tree[], source: LogSource): string {
  const checks = parts.map((part) => print(part, source));
  const equal = checks.map((check) =>
    /^((?:tolower\()?[a-z][\w.]*(?:\[\d+\])?\)?) = ("(?:[^"\\]|\\.)*"|\d+)$/.exec(check)
  );
  const lists = new Map<string, string[]>();
  const others: string[] = [];
  for (const [at, check] of checks.entries()) {
    const [, left, value] = equal[at] ?? [];
    if (left === undefined) others.push(check);
    else lists.set(left, [...lists.get(left) ?? [], value!]);
  }
  const joined = [...lists].map(([left, values]) =>
    values.length === 1 ? `${left} = ${values[0]}` : `${left} in (${[...new Set(values)].join(", ")})`
  );
  return anyOf([...joined, ...others]);
}
