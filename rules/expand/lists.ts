// Stage 5 of loading rules: the names of lists in a condition are replaced by their items, as text.
// In: ListInfo values and the text of a condition. Out: the text with items, each character still with its place.
// Elsewhere: reading the text (rules/syntax/parser.ts).
//
// Lists are text to Falco: a name between blanks, parentheses, commas, equals signs or the ends of the condition is
// replaced wherever it stands, inside quotes too, list after list in the order of their first definition. So an item
// that is the name of a later list is replaced again. An item that names an earlier one is expanded once, in the list.

import type { ListInfo } from "../items/collect.ts";
import { quoted } from "../items/exceptions.ts";
import type { Memory } from "../memory.ts";
import { MappedText } from "../text/mapped_text.ts";

/** Characters that all substitutions of a load may make: beyond it the rules do not fit into memory. */
const MAX_EXPANDED = 20_000_000;

/** around the items */
const BLANKS = 2;

export const DELIMITERS = /[ \t\n\r(),=]+/;

interface ExpandedList {
  readonly name: string;
  readonly info: ListInfo;
  readonly items: readonly MappedText[];
  /** the items as they are put into a condition: the same object as long as all of them are */
  joined?: MappedText;
  /** the later lists that are named there */
  later?: readonly number[];
  used: boolean;
}

/** What a condition becomes, which lists went into it, and how many characters that took. */
interface Substitution {
  readonly text: MappedText;
  readonly used: readonly string[];
  readonly length: number;
}

export class ListTable {
  readonly #lists: ExpandedList[] = [];
  readonly #rank = new Map<string, number>();
  /** lists whose name holds a delimiter: no word of a condition is their name */
  readonly #odd: number[] = [];
  #left = MAX_EXPANDED;

  /** `lists` in the order of their first definition. */
  constructor(lists: ReadonlyMap<string, ListInfo>, readonly memory: Memory) {
    const named = new Set<string>();
    for (const info of lists.values()) {
      const items: MappedText[] = [];
      for (const item of info.items) {
        const other = lists.get(item.text);
        if (other === undefined || other.index >= info.visibility) items.push(item);
        else {
          named.add(other.name);
          for (const inner of other.items) items.push(inner);
        }
      }
      const rank = this.#lists.length;
      this.#lists.push({ name: info.name, info, items, used: false });
      this.#rank.set(info.name, rank);
      if (DELIMITERS.test(info.name)) this.#odd.push(rank);
    }
    for (const list of this.#lists) list.used = named.has(list.name);
  }

  /** The items of a list, those of the lists that it names in their place. */
  itemsOf(name: string): readonly string[] {
    const rank = this.#rank.get(name);
    return rank === undefined ? [] : this.#lists[rank]!.items.map((item) => item.text);
  }

  /** Lists that nothing refers to. */
  unused(): ListInfo[] {
    return this.#lists.filter((list) => !list.used).map((list) => list.info);
  }

  /** The condition with items for names, or nothing when that would be too much text. */
  substitute(condition: MappedText): MappedText | undefined {
    const lists = this.#reachedFrom(condition);
    if (lists.length === 0) return condition;
    if (this.#left < 0) return undefined;
    const made = this.memory.recallEarlier(
      "lists in their place",
      condition,
      lists.flatMap((list) => [list.name, this.#joined(list)]),
      () => this.#substituted(condition, lists),
    );
    this.#left -= made?.length ?? MAX_EXPANDED;
    if (made === undefined || this.#left < 0) return undefined;
    for (const name of made.used) this.#lists[this.#rank.get(name)!]!.used = true;
    return made.text;
  }

  /** Lists whose items may get into a condition, in the order in which that happens. */
  #reachedFrom(condition: MappedText): ExpandedList[] {
    const ranks = new Set([...this.#namedIn(condition), ...this.#odd]);
    for (const rank of ranks) {
      const list = this.#lists[rank]!;
      list.later ??= this.#namedIn(this.#joined(list)).filter((other) => other > rank);
      for (const other of list.later) ranks.add(other);
    }
    return [...ranks].sort((a, b) => a - b).map((rank) => this.#lists[rank]!);
  }

  #namedIn(text: MappedText): number[] {
    const words = this.memory.recallEarlier("words", text, [], () => text.text.split(DELIMITERS));
    return words.flatMap((word) => this.#rank.get(word) ?? []);
  }

  #joined(list: ExpandedList): MappedText {
    return list.joined ??= this.memory.recallEarlier(
      "joined items",
      list.info.span,
      list.items,
      () => joinItems(list),
    );
  }

  #substituted(condition: MappedText, lists: readonly ExpandedList[]): Substitution | undefined {
    let text = condition;
    let length = 0;
    const used: string[] = [];
    for (const list of lists) {
      const { text: replaced, count } = this.#replace(text, list, MAX_EXPANDED - length);
      if (replaced === undefined) return undefined;
      if (count === 0) continue;
      text = replaced;
      length += count * (this.#joined(list).text.length + BLANKS);
      used.push(list.name);
    }
    return { text, used, length };
  }

  /** @param most characters that may come into the text */
  #replace(
    condition: MappedText,
    list: ExpandedList,
    most: number,
  ): { readonly text?: MappedText; readonly count: number } {
    const joined = this.#joined(list);
    let count = 0;
    const { text } = condition;
    const out = new Output(condition);
    let from = 0;
    for (let at = text.indexOf(list.name); at >= 0; at = text.indexOf(list.name, at)) {
      const end = at + list.name.length;
      if (!isDelimited(text, at, end)) {
        at++;
        continue;
      }
      if (++count * (joined.text.length + BLANKS) > most) return { count };
      let start = at;
      while (start > from && isBlank(text[start - 1])) start--;
      let rest = end;
      while (rest < text.length && isBlank(text[rest])) rest++;
      out.copy(from, start);
      out.dropBlanks();
      if (joined.text === "" && !out.dropComma() && text[rest] === ",") rest++;
      const host = condition.outerSpan(at, end);
      if (!out.empty) out.add(MappedText.synthetic(" ", host));
      out.add(joined.hostedBy(host));
      out.add(MappedText.synthetic(" ", host));
      from = rest;
      at = rest;
    }
    if (count === 0) return { text: condition, count };
    out.copy(from, text.length);
    return { text: out.text(), count };
  }
}

/** What has been written so far of a condition in which names are being replaced. */
class Output {
  #parts: MappedText[] = [];

  constructor(readonly condition: MappedText) {}

  get empty(): boolean {
    return this.#parts.length === 0;
  }

  add(part: MappedText): void {
    if (part.text !== "") this.#parts.push(part);
  }

  copy(start: number, end: number): void {
    if (start < end) this.add(this.condition.slice(start, end));
  }

  dropBlanks(): void {
    while (isBlank(this.#last())) this.#drop();
  }

  dropComma(): boolean {
    if (this.#last() !== ",") return false;
    this.#drop();
    return true;
  }

  text(): MappedText {
    return MappedText.concat(this.condition.whole, this.#parts);
  }

  #last(): string | undefined {
    return this.#parts.at(-1)?.text.at(-1);
  }

  #drop(): void {
    const last = this.#parts.pop();
    if (last !== undefined) this.add(last.slice(0, last.text.length - 1));
  }
}

function joinItems(list: ExpandedList): MappedText {
  const comma = MappedText.synthetic(", ", list.info.span);
  const parts: MappedText[] = [];
  for (const item of list.items) {
    if (parts.length > 0) parts.push(comma);
    parts.push(quoted(item));
  }
  return MappedText.concat(list.info.span, parts);
}

function isDelimited(text: string, start: number, end: number): boolean {
  return (start === 0 || isDelimiter(text[start - 1])) && (end >= text.length || isDelimiter(text[end]));
}

function isDelimiter(char: string | undefined): boolean {
  return char !== undefined &&
    (isBlank(char) || char === "(" || char === ")" || char === "," || char === "=");
}

function isBlank(char: string | undefined): boolean {
  return char === " " || char === "\t" || char === "\n" || char === "\r";
}
