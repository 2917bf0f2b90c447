// Stage 5 of loading rules: the names of lists in a condition are replaced by their items, as text.
// In: ListInfo values and the text of a condition. Out: the text with items, each character still with its place.
// Elsewhere: reading the text (rules/syntax/parser.ts).
//
// Lists are text to Falco: a name between blanks, parentheses, commas, equals signs or the ends of the condition is
// replaced wherever it stands, inside quotes too, list after list in the order of their first definition. So an item
// that is the name of a later list is replaced again. An item that names an earlier one is expanded once, in the list.

import type { ListInfo } from "../items/collect.ts";
import { quoted } from "../items/exceptions.ts";
import { MappedText } from "../text/mapped_text.ts";

/** Characters that all substitutions of a load may make: beyond it the rules do not fit into memory. */
const MAX_EXPANDED = 20_000_000;

export const DELIMITERS = /[ \t\n\r(),=]+/;

interface ExpandedList {
  readonly name: string;
  readonly info: ListInfo;
  readonly items: readonly MappedText[];
  /** the items as they are put into a condition, and the later lists that are named there */
  joined?: MappedText;
  later?: readonly number[];
  used: boolean;
}

export class ListTable {
  readonly #lists: ExpandedList[] = [];
  readonly #rank = new Map<string, number>();
  /** lists whose name holds a delimiter: no word of a condition is their name */
  readonly #odd: number[] = [];
  #left = MAX_EXPANDED;

  /** `lists` in the order of their first definition. */
  constructor(lists: ReadonlyMap<string, ListInfo>) {
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
    let text = condition;
    const pending = new Set<number>();
    for (const rank of this.#namedIn(condition.text)) pending.add(rank);
    for (const rank of this.#odd) pending.add(rank);
    while (pending.size > 0) {
      let next = Infinity;
      for (const rank of pending) next = Math.min(next, rank);
      pending.delete(next);
      const list = this.#lists[next]!;
      const replaced = this.#replace(text, list);
      if (replaced === undefined) return undefined;
      if (replaced === text) continue;
      text = replaced;
      list.used = true;
      list.later ??= this.#namedIn(list.joined!.text).filter((rank) => rank > next);
      for (const rank of list.later) pending.add(rank);
    }
    return text;
  }

  #namedIn(text: string): number[] {
    const ranks: number[] = [];
    for (const word of text.split(DELIMITERS)) {
      const rank = this.#rank.get(word);
      if (rank !== undefined) ranks.push(rank);
    }
    return ranks;
  }

  #replace(condition: MappedText, list: ExpandedList): MappedText | undefined {
    const { text } = condition;
    const out = new Output(condition);
    let from = 0;
    for (let at = text.indexOf(list.name); at >= 0; at = text.indexOf(list.name, at)) {
      const end = at + list.name.length;
      if (!isDelimited(text, at, end)) {
        at++;
        continue;
      }
      list.joined ??= joinItems(list);
      this.#left -= list.joined.text.length + 2;
      if (this.#left < 0) return undefined;
      let start = at;
      while (start > from && isBlank(text[start - 1])) start--;
      let rest = end;
      while (rest < text.length && isBlank(text[rest])) rest++;
      out.copy(from, start);
      out.dropBlanks();
      if (list.joined.text === "" && !out.dropComma() && text[rest] === ",") rest++;
      const host = condition.outerSpan(at, end);
      if (!out.empty) out.add(MappedText.synthetic(" ", host));
      out.add(list.joined.hostedBy(host));
      out.add(MappedText.synthetic(" ", host));
      from = rest;
      at = rest;
    }
    if (from === 0) return condition;
    out.copy(from, text.length);
    return out.text();
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
