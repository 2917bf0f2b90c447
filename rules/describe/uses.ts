// What uses what: for each macro and each list the rules, macros and lists that name it.
// In: the result of loading. Out: names of users, sorted. Elsewhere: whether a use is allowed (rules/expand/macros.ts, rules/expand/lists.ts).
//
// Lists are text to Falco, so a list is used wherever its name is as a word, in a condition or in an exception.

import type { Expr } from "../syntax/ast.ts";
import type { RuleInfo } from "../items/collect.ts";
import { DELIMITERS } from "../expand/lists.ts";
import type { LoadResult } from "../check_rules.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { parseCondition } from "../syntax/parser.ts";
import { byName } from "./sorted.ts";

export interface Users {
  readonly rules: readonly string[];
  readonly macros: readonly string[];
  readonly lists: readonly string[];
}

type Kind = keyof Users;
type Uses = Map<string, Record<Kind, Set<string>>>;

export interface UseTable {
  macro(name: string): Users;
  list(name: string): Users;
}

export function usesOf({ definitions: { rules, macros, lists } }: LoadResult): UseTable {
  const macroUses: Uses = new Map();
  const listUses: Uses = new Map();
  const note = (uses: Uses, used: string, kind: Kind, user: string) => {
    let users = uses.get(used);
    if (users === undefined) {
      uses.set(used, users = { rules: new Set(), macros: new Set(), lists: new Set() });
    }
    users[kind].add(user);
  };
  const noteCondition = (condition: MappedText, kind: Kind, user: string) => {
    const parsed = parseCondition(condition);
    if (parsed.problems.length === 0) {
      for (const name of macrosIn(parsed.expr)) if (macros.has(name)) note(macroUses, name, kind, user);
    }
    noteWords(condition.text, kind, user);
  };
  const noteWords = (text: string, kind: Kind, user: string) => {
    for (const word of text.split(DELIMITERS)) if (lists.has(word)) note(listUses, word, kind, user);
  };
  for (const rule of rules.values()) {
    noteCondition(rule.keys.condition, "rules", rule.name);
    for (const text of exceptionTexts(rule)) noteWords(text, "rules", rule.name);
  }
  for (const macro of macros.values()) noteCondition(macro.condition, "macros", macro.name);
  for (const list of lists.values()) {
    for (const { text } of list.items) if (lists.has(text)) note(listUses, text, "lists", list.name);
  }
  const usersIn = (uses: Uses) => (name: string): Users => {
    const users = uses.get(name);
    const names = (kind: Kind) => [...users?.[kind] ?? []].sort(byName);
    return { rules: names("rules"), macros: names("macros"), lists: names("lists") };
  };
  return { macro: usersIn(macroUses), list: usersIn(listUses) };
}

function* macrosIn(expr: Expr): Generator<string> {
  if (expr.kind === "macro") yield expr.name;
  else if (expr.kind === "not") yield* macrosIn(expr.operand);
  else if (expr.kind === "and" || expr.kind === "or") {
    for (const operand of expr.operands) yield* macrosIn(operand);
  }
}

function* exceptionTexts({ exceptions }: RuleInfo): Generator<string> {
  for (const { values } of exceptions) {
    for (const value of values) {
      if (value.kind === "scalar") yield value.text.text;
      else for (const { texts } of value.elements) yield* texts.map((text) => text.text);
    }
  }
}
