// The lines of a YAML text with their new indentation: two blanks for each level, whatever they had before.
// In: a text. Out: lines, each with what is on it, comments included; YamlMistake is thrown where there is no YAML.
// Elsewhere: blank lines and comments between (format.ts), tokens (rules/yaml/scanner.ts).

import { Scanner } from "../yaml/scanner.ts";
import type { Token } from "../yaml/tokens.ts";

export interface Line {
  /** before the change, and after it */
  readonly oldIndent: number;
  indent: number;
  text: string;
  readonly kind: "code" | "comment";
  /** empty lines before it */
  blanks: number;
  /** where keys of the innermost mapping are: what is deeper than the line belongs there */
  readonly inner: number;
  /** begins an item of the outermost sequence */
  readonly isItem: boolean;
  /** blanks before it are part of a value */
  readonly fixed: boolean;
}

interface Level {
  readonly kind: "map" | "sequence";
  readonly column: number;
  readonly oldColumn: number;
}

const STEP = 2;

type Part = Token | { readonly type: "comment"; readonly start: number; readonly end: number };

/** All tokens, and comments in their places. */
function partsOf(text: string): Part[] {
  const comments: Part[] = [];
  const scanner = new Scanner(text, (start, end) => comments.push({ type: "comment", start, end }));
  const tokens: Part[] = [];
  for (let token = scanner.next(); token.type !== "end of text"; token = scanner.next()) tokens.push(token);
  const parts: Part[] = [];
  let at = 0;
  for (const token of tokens) {
    while (at < comments.length && comments[at]!.start < token.start) parts.push(comments[at++]!);
    parts.push(token);
  }
  return [...parts, ...comments.slice(at)];
}

export function layOut(text: string): Line[] {
  return new Layout(text).run();
}

class Layout {
  readonly #lines: Line[] = [];
  readonly #levels: Level[] = [];
  /** new and old indentation of the lines on which brackets were opened */
  readonly #open: { indent: number; old: number }[] = [];
  #line: Line | undefined;
  #before: Part | undefined;
  #end = 0;
  #isKey = false;
  /** the text before keeps its empty lines */
  #keeps = false;

  constructor(readonly text: string) {}

  run(): Line[] {
    for (const part of partsOf(this.text)) this.#part(part);
    return this.#lines;
  }

  #part(part: Part): void {
    switch (part.type) {
      case "map":
      case "sequence":
        this.#levels.push({ kind: part.type, column: this.#inner(), oldColumn: this.#columnOf(part.start) });
        return;
      case "end":
        this.#levels.pop();
        return;
      case "key":
        this.#isKey = true;
        if (part.start === part.end) return;
    }
    this.#place(part);
    if (part.type === "[" || part.type === "{") {
      this.#open.push({ indent: this.#line!.indent, old: this.#line!.oldIndent });
    } else if (part.type === "]" || part.type === "}") this.#open.pop();
    const raw = this.#raw(part);
    this.#line!.text += raw[0]!;
    for (const { indent, text, blanks } of raw[1]) this.#addLine(indent, text, blanks);
    this.#before = part;
    if (part.type !== "comment" && part.type !== "anchor" && part.type !== "tag") this.#isKey = false;
  }

  /** Where what is within the innermost collection is. */
  #inner(): number {
    const top = this.#levels.at(-1);
    return top === undefined ? 0 : top.column + STEP;
  }

  #columnOf(offset: number): number {
    return offset - (this.text.lastIndexOf("\n", offset - 1) + 1);
  }

  #place(part: Part): void {
    const gap = this.text.slice(this.#end, part.start);
    const breaks = gap.split("\n").length - 1;
    if (this.#line === undefined || breaks > 0) {
      const oldIndent = this.#columnOf(part.start);
      this.#begin(part, oldIndent, this.#line === undefined ? 0 : Math.max(0, breaks - 1));
    } else this.#line.text += this.#blank(part, gap);
  }

  #begin(part: Part, oldIndent: number, blanks: number): void {
    const isItem = part.type === "-" && this.#levels.length === 1;
    this.#line = {
      oldIndent,
      indent: this.#indentOf(part, oldIndent),
      text: "",
      kind: part.type === "comment" && this.#open.length === 0 ? "comment" : "code",
      blanks,
      inner: part.type === "-" ? this.#inner() : this.#levels.at(-1)?.column ?? 0,
      isItem,
      fixed: this.#keeps,
    };
    this.#keeps = false;
    this.#lines.push(this.#line);
  }

  #indentOf(part: Part, oldIndent: number): number {
    const open = this.#open.at(-1);
    const top = this.#levels.at(-1);
    if (open !== undefined) {
      const closes = part.type === "]" || part.type === "}";
      const moved = open.indent + Math.max(closes ? 0 : 1, oldIndent - open.old);
      return Math.max(moved, top === undefined ? 0 : top.column + (closes ? 0 : 1));
    }
    if (part.type === "---" || part.type === "..." || part.type === "directive") return 0;
    const begins = part.type === "-" || this.#isKey || part.type === ":";
    return begins && top !== undefined ? top.column : this.#inner();
  }

  /** Between two parts of one line. */
  #blank(part: Part, gap: string): string {
    const before = this.#before?.type;
    if (part.type === "comment") return gap === "" ? " " : gap.replaceAll("\t", " ");
    if (part.type === "," || part.type === "]" || part.type === "}") return "";
    if (before === "[" || before === "{") return "";
    if (part.type === ":") return before === "alias" ? " " : "";
    return before === "," || gap !== "" ? " " : "";
  }

  /** The first line of a part, and those after it. */
  #raw(part: Part): [string, { indent: number; text: string; blanks: number }[]] {
    const { text } = this;
    let { end } = part;
    if (part.type === "block") {
      const header = text.indexOf("\n", part.start);
      end = Math.max(end, header < 0 ? text.length : header);
      this.#keeps = /^[|>]\d?\+/.test(text.slice(part.start, part.start + 3));
    }
    this.#end = end;
    const [first = "", ...rest] = text.slice(part.start, end).split("\n");
    if (rest.length === 0) return [first.trimEnd(), []];
    if (part.type === "block") return [first.trimEnd(), this.#blockLines(first, rest)];
    return [part.type === "quoted" ? first : first.trimEnd(), this.#flowLines(rest, part.type === "quoted")];
  }

  /** Their indentation means nothing. */
  #flowLines(lines: readonly string[], isQuoted: boolean) {
    const { indent, oldIndent } = this.#line!;
    const least = Math.max(this.#levels.at(-1)?.column ?? -1, this.#open.at(-1)?.indent ?? -1) + 1;
    return withoutBlanks(lines.map((line, at) => {
      const old = line.search(/\S|$/);
      const last = at === lines.length - 1;
      const text = line.slice(old);
      return {
        indent: Math.max(least, indent + old - oldIndent),
        text: isQuoted && last ? text : text.trimEnd(),
      };
    }));
  }

  /** They move together: what is deeper than the first is part of the text. */
  #blockLines(header: string, lines: readonly string[]) {
    const top = this.#levels.at(-1);
    const digit = /^[|>][+-]?([1-9])/.exec(header)?.[1];
    const least = top === undefined ? 0 : top.column;
    const first = lines.find((line) => line.trim() !== "") ?? "";
    const old = digit === undefined ? first.search(/\S|$/) : Math.max(0, top?.oldColumn ?? 0) + Number(digit);
    const indent = digit === undefined ? this.#inner() : least + Number(digit);
    return withoutBlanks(
      lines.map((line) => ({ indent, text: line.slice(Math.min(old, line.search(/[^ ]|$/))) })),
    );
  }

  #addLine(indent: number, text: string, blanks: number): void {
    this.#line = {
      oldIndent: indent,
      indent,
      text,
      kind: "code",
      blanks,
      inner: this.#levels.at(-1)?.column ?? 0,
      isItem: false,
      fixed: true,
    };
    this.#lines.push(this.#line);
  }
}

/** Empty lines as a number before the next one; those at the end are left out. */
function withoutBlanks(lines: readonly { indent: number; text: string }[]) {
  const made: { indent: number; text: string; blanks: number }[] = [];
  let blanks = 0;
  for (const { indent, text } of lines) {
    if (text === "") blanks++;
    else {
      made.push({ indent, text, blanks });
      blanks = 0;
    }
  }
  return made;
}
