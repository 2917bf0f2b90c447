// Parser of regular expressions in the syntax that RE2 accepts in its POSIX mode: alternation, concatenation,
// * + ? {n,m}, groups, bracket expressions, `.` (no newline), ^ and $ (at lines), escapes of punctuation and
// characters. No \d \w \b, no (?…), no lazy repetition.
// In: a pattern. Out: a tree, or a sentence that says what is wrong. Next stage: nfa.ts.

import { parseBracket } from "./bracket.ts";
import { RegexError, type RuneReader } from "./reader.ts";
import { complement, type RuneSet } from "./rune_set.ts";

export type RegexNode =
  | { readonly kind: "empty" }
  | { readonly kind: "runes"; readonly set: RuneSet }
  | { readonly kind: "line"; readonly edge: "begin" | "end" }
  | { readonly kind: "concat" | "alternate"; readonly items: readonly RegexNode[] }
  | { readonly kind: "repeat"; readonly item: RegexNode; readonly min: number; readonly max: number };

const MAX_REPEAT = 1000;
/** Later stages walk the tree by recursion. */
const MAX_DEPTH = 200;
const NEWLINE = 0x0a;

/** One open group: finished alternatives and the sequence being read. */
interface Group {
  readonly alternatives: RegexNode[];
  sequence: RegexNode[];
}

export function parseRegex(reader: RuneReader): RegexNode {
  const stack: Group[] = [];
  let group: Group = { alternatives: [], sequence: [] };
  while (!reader.atEnd()) {
    const char = reader.next();
    switch (char) {
      case "|":
        group.alternatives.push(concat(group.sequence));
        group.sequence = [];
        break;
      case "(":
        if (stack.length >= MAX_DEPTH) {
          throw new RegexError(`more than ${MAX_DEPTH} groups inside each other`);
        }
        if (reader.peek() === "?") throw new RegexError("POSIX syntax has no (?…) groups");
        stack.push(group);
        group = { alternatives: [], sequence: [] };
        break;
      case ")": {
        const outer = stack.pop();
        if (outer === undefined) throw new RegexError("unexpected )");
        outer.sequence.push(close(group));
        group = outer;
        break;
      }
      case "*":
        repeat(group, 0, Infinity, char);
        break;
      case "+":
        repeat(group, 1, Infinity, char);
        break;
      case "?":
        repeat(group, 0, 1, char);
        break;
      case "{":
        braces(group, reader);
        break;
      case "^":
        group.sequence.push({ kind: "line", edge: "begin" });
        break;
      case "$":
        group.sequence.push({ kind: "line", edge: "end" });
        break;
      case ".":
        group.sequence.push({ kind: "runes", set: complement([[NEWLINE, NEWLINE]]) });
        break;
      case "[":
        group.sequence.push({ kind: "runes", set: parseBracket(reader) });
        break;
      default:
        group.sequence.push(literal(char === "\\" ? reader.escape() : char.codePointAt(0)!));
    }
  }
  if (stack.length > 0) throw new RegexError("missing )");
  return close(group);
}

function literal(rune: number): RegexNode {
  return { kind: "runes", set: [[rune, rune]] };
}

function concat(items: readonly RegexNode[]): RegexNode {
  if (items.length === 0) return { kind: "empty" };
  return items.length === 1 ? items[0]! : { kind: "concat", items };
}

function close({ alternatives, sequence }: Group): RegexNode {
  const items = [...alternatives, concat(sequence)];
  return items.length === 1 ? items[0]! : { kind: "alternate", items };
}

function repeat(group: Group, min: number, max: number, operator: string): void {
  const item = group.sequence.pop();
  if (item === undefined) throw new RegexError(`nothing to repeat before ${operator}`);
  if (repeatDepth(item) >= MAX_DEPTH) throw new RegexError("too many repetitions of repetitions");
  group.sequence.push({ kind: "repeat", item, min, max });
}

function repeatDepth(node: RegexNode): number {
  let depth = 0;
  for (let inner = node; inner.kind === "repeat"; inner = inner.item) depth++;
  return depth;
}

/** `{n}`, `{n,}`, `{n,m}`; anything else is a brace like any other character. */
function braces(group: Group, reader: RuneReader): void {
  const written = reader.match(/^(\d+)(?:(,)(\d*))?\}/);
  if (written === undefined) {
    group.sequence.push(literal(0x7b));
    return;
  }
  const [text = "", low = "", comma, high] = written;
  const min = Number(low);
  const max = comma === undefined ? min : high === "" ? Infinity : Number(high);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT) || min > max) {
    throw new RegexError(`invalid repetition count {${text}`);
  }
  repeat(group, min, max, `{${text}`);
  if (copies(group.sequence.at(-1)!) > MAX_REPEAT) {
    throw new RegexError(`repetitions inside each other make more than ${MAX_REPEAT} copies`);
  }
}

/** How often the innermost item is written out when all counted repetitions are. */
function copies(node: RegexNode): number {
  switch (node.kind) {
    case "concat":
    case "alternate":
      return node.items.reduce((most, item) => Math.max(most, copies(item)), 1);
    case "repeat": {
      const times = node.max === Infinity ? node.min : node.max;
      return Math.max(times, 1) * copies(node.item);
    }
    default:
      return 1;
  }
}
