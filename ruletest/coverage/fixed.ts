// Checks that give the same answer whatever happens, and those that nothing ever asks: coverage does not count them.
// In: the condition of a rule as a tree, and the types of its events. Out: for each such check why.
//
// Only what follows from the condition itself, and from facts of the matcher that do not depend on events, is here: a check
// that merely no case has shown otherwise is none of these.

import { type ConditionTree, type TreeLeaf } from "../../rules/mod.ts";
import { EVENT_SOURCES, EVENTS } from "../../schema/mod.ts";

/** By the number of the check within the rule. */
export type FixedChecks = ReadonlyMap<number, string>;

export function fixedChecks(tree: ConditionTree, eventTypes: bigint): FixedChecks {
  const search = { fixed: new Map<number, string>(), haveThread: haveThread(eventTypes) };
  const known = answerOf(tree, new Map(), search);
  // such a rule is not compiled into the matcher
  if (known?.answer === false) setAll(tree, `not asked: \`${known.by}\` keeps the rule from firing`, search);
  return search.fixed;
}

interface Search {
  readonly fixed: Map<number, string>;
  readonly haveThread: boolean;
}

/** What parts of the condition have answered, when the next part is asked. */
type Facts = ReadonlyMap<string, boolean>;

interface Known {
  readonly answer: boolean;
  /** the check that decides */
  readonly by: string;
}

/** What a part of a condition always answers; none: it depends. */
function answerOf(tree: ConditionTree, facts: Facts, search: Search): Known | undefined {
  const before = facts.get(keyOf(tree));
  if (before !== undefined && tree.kind !== "check") {
    const by = textOf(tree);
    setAll(tree, `no new answer: \`${by}\` has been asked before`, search);
    return { answer: before, by };
  }
  switch (tree.kind) {
    case "check": {
      const known = before === undefined
        ? answerOfCheck(tree, search)
        : { answer: before, why: `always ${before}: what comes before has decided it` };
      if (known === undefined) return undefined;
      search.fixed.set(tree.leaf, known.why);
      return { answer: known.answer, by: tree.text };
    }
    case "not": {
      const known = answerOf(tree.operand, facts, search);
      return known === undefined ? undefined : { ...known, answer: !known.answer };
    }
    case "macro":
    case "exception":
      return answerOf(tree.body, facts, search);
    default: {
      const deciding = tree.kind === "or";
      const known = new Map(facts);
      let last: Known | undefined;
      let allKnown = true;
      for (const [at, operand] of tree.operands.entries()) {
        last = answerOf(operand, known, search);
        allKnown &&= last !== undefined;
        if (last?.answer === deciding) {
          for (const rest of tree.operands.slice(at + 1)) {
            setAll(rest, `never evaluated: \`${last.by}\` has decided before`, search);
          }
          return last;
        }
        learn(operand, !deciding, known, search);
      }
      return allKnown ? last : undefined;
    }
  }
}

/** What follows when a part has given this answer. */
function learn(tree: ConditionTree, answer: boolean, facts: Map<string, boolean>, search: Search): void {
  facts.set(keyOf(tree), answer);
  switch (tree.kind) {
    case "check": {
      const opposite = oppositeOf(tree);
      // a value that is missing is neither equal nor unequal
      if (opposite !== undefined && (answer || isPlace(tree) && search.haveThread)) {
        facts.set(opposite, !answer);
      }
      return;
    }
    case "not":
      return learn(tree.operand, !answer, facts, search);
    case "macro":
    case "exception":
      return learn(tree.body, answer, facts, search);
    default: {
      const decides = (tree.kind === "or") === answer;
      const open = decides
        ? tree.operands.filter((operand) => !hasOneAnswer(operand, search))
        : tree.operands;
      if (!decides || open.length === 1) {
        for (const operand of open) {
          learn(operand, answer, facts, search);
        }
      }
    }
  }
}

/** Whether a part of a condition gives the same answer whatever happens, and whatever has been asked before. */
export function isConstant(tree: ConditionTree, eventTypes: bigint): boolean {
  return hasOneAnswer(tree, { fixed: new Map(), haveThread: haveThread(eventTypes) });
}

function hasOneAnswer(tree: ConditionTree, search: Search): boolean {
  return answerOf(tree, new Map(), { ...search, fixed: new Map() }) !== undefined;
}

/** The same for parts that ask the same. */
function keyOf(tree: ConditionTree): string {
  switch (tree.kind) {
    case "check":
      // a list that is cut may go on differently
      return tree.text.includes("…") ? `${tree.text} at ${tree.span.start}` : tree.text;
    case "not":
      return `not ${keyOf(tree.operand)}`;
    case "macro":
    case "exception":
      return keyOf(tree.body);
    default:
      return `(${tree.operands.map(keyOf).join(` ${tree.kind} `)})`;
  }
}

function textOf(tree: ConditionTree): string {
  return tree.kind === "macro" ? tree.name : tree.kind === "check" ? tree.text : "the same condition";
}

function oppositeOf({ text, check: { operator } }: TreeLeaf): string | undefined {
  if (operator === "!=") return text.replace(/ != /, " = ");
  return operator === "=" ? text.replace(/ = /, " != ") : undefined;
}

function isPlace({ check: { left } }: TreeLeaf): boolean {
  return left.kind === "field" && left.field.name === "container.id";
}

function setAll(tree: ConditionTree, why: string, search: Search): void {
  switch (tree.kind) {
    case "check":
      search.fixed.set(tree.leaf, why);
      return;
    case "not":
      return setAll(tree.operand, why, search);
    case "macro":
    case "exception":
      return setAll(tree.body, why, search);
    default:
      for (const operand of tree.operands) setAll(operand, why, search);
  }
}

function answerOfCheck(
  leaf: TreeLeaf,
  { haveThread }: Search,
): { answer: boolean; why: string } | undefined {
  const { text, check: { operator, right } } = leaf;
  if (["in", "intersects", "pmatch"].includes(operator) && right.length === 0) {
    return { answer: false, why: "always false: the list is empty" };
  }
  const number = /^evt\.num\s*(<\s*=?|=|>\s*=?)\s*0$/.exec(text)?.[1]?.replace(/\s/g, "");
  if (number !== undefined) {
    const answer = number.startsWith(">");
    return { answer, why: `always ${answer}: events are numbered from 1` };
  }
  return isPlace(leaf) && operator === "exists" && haveThread
    ? {
      answer: true,
      why: "always true: every call is made by a thread, which is in a container or on the host",
    }
    : undefined;
}

/** These do not make a thread known that has not been seen before. */
const WITHOUT_THREAD = new Set(["clone", "clone3", "fork", "vfork", "procexit"]);

/** Whether every event of these types has a thread. */
function haveThread(types: bigint): boolean {
  return EVENTS.every(({ code, name, categoryBits }) =>
    (types >> BigInt(code) & 1n) === 0n ||
    ((categoryBits & EVENT_SOURCES["syscall"]!) !== 0 && !WITHOUT_THREAD.has(name))
  );
}
