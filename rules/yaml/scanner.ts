// Cuts a text into YAML's tokens; indentation says where collections begin and end.
// In: a text. Out: one token after the other, with offsets; YamlMistake is thrown where there is none.
// Elsewhere: scalars (flow_scalars.ts, block_scalar.ts), what tokens mean together (parser.ts).
//
// That something is a key shows only at the colon after it. So tokens wait in a queue while the first of them may still turn out
// to be a key, before which a "key" token, and perhaps a "map" token, belongs.
//
// Falco reads YAML with yaml-cpp, which differs from YAML 1.2 in what it takes: in brackets and quotes indentation means nothing,
// a comment needs no blank before it where a token may begin. What either of the two takes is taken here.

import { scanBlock } from "./block_scalar.ts";
import {
  HASH,
  isBlank,
  isDocumentMark,
  isFlowIndicator,
  isGap,
  lineEnd,
  NEWLINE,
  TAB,
} from "./characters.ts";
import { MAX_DEPTH, TooDeep } from "./mistake.ts";
import { scanPlain, scanQuoted } from "./flow_scalars.ts";
import { PossibleKeys } from "./possible_keys.ts";
import type { ScalarText } from "./scalar_text.ts";
import {
  badStart,
  nothingToClose,
  strayColon,
  strayDash,
  strayInFlow,
  tabIndents,
  unclosed,
} from "./syntax_words.ts";
import type { Token, TokenType } from "./tokens.ts";

interface Indent {
  readonly column: number;
  readonly kind: "sequence" | "map";
}

export class Scanner {
  #at = 0;
  /** offset at which the current line begins, which tells lines apart */
  #line = 0;
  #queue: Token[] = [];
  #taken = 0;
  #indents: Indent[] = [];
  /** offsets of the brackets that are open */
  #open: number[] = [];
  readonly #keys = new PossibleKeys();
  #keyAllowed = true;
  #ended = false;

  /** @param comment is called for each comment that lies between tokens */
  constructor(readonly text: string, readonly comment?: (start: number, end: number) => void) {}

  peek(): Token {
    while (!this.#ended && this.#mustRead()) this.#read();
    return this.#queue[0]!;
  }

  /** The last token comes again and again. */
  next(): Token {
    const token = this.peek();
    if (token.type === "end of text") return token;
    this.#queue.shift();
    this.#taken++;
    return token;
  }

  /** The column of the innermost block collection, -1 outside of all. */
  get column(): number {
    return this.#indents.at(-1)?.column ?? -1;
  }

  #mustRead(): boolean {
    if (this.#queue.length === 0) return true;
    this.#forgetKeys();
    return this.#keys.has(this.#taken);
  }

  #read(): void {
    const { text } = this;
    this.#skip();
    const at = this.#at;
    const column = at - this.#line;
    if (this.#open.length === 0) this.#unwind(column);
    if (at >= text.length) return this.#end();
    if (column === 0 && text[at] === "%" && this.#indents.length + this.#open.length === 0) {
      return this.#directive();
    }
    if (column === 0 && isDocumentMark(text, at)) return this.#documentMark();
    const gap = isGap(text.charCodeAt(at + 1));
    const char = text[at]!;
    switch (char) {
      case "[":
      case "{":
        return this.#openFlow(char);
      case "]":
      case "}":
        return this.#closeFlow(char);
      case ",":
        if (this.#open.length === 0) throw badStart(text, at);
        this.#keys.drop(this.#open.length);
        this.#keyAllowed = true;
        return this.#push(",", 1);
      case "-":
        if (gap) return this.#dash(column);
        break;
      case "?":
        if (gap) return this.#explicitKey(column);
        break;
      case ":":
        if (this.#isValue(at)) return this.#value(column);
        break;
      case "*":
      case "&":
        return this.#name(char === "*" ? "alias" : "anchor");
      case "!":
        return this.#tag();
      case "|":
      case ">":
        if (this.#open.length === 0) return this.#block();
        throw badStart(text, at);
      case '"':
      case "'":
        return this.#scalar("quoted");
      case "%":
      case "@":
      case "`":
        throw badStart(text, at);
    }
    this.#scalar("plain");
  }

  /** White space, line ends and comments. */
  #skip(): void {
    const { text } = this;
    const block = this.#open.length === 0;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (isBlank(code)) {
        if (block && code === TAB) this.#keyAllowed = false;
        this.#at++;
      } else if (code === HASH) {
        const end = lineEnd(text, this.#at);
        this.comment?.(this.#at, end);
        this.#at = end;
      } else if (code === NEWLINE) {
        this.#line = ++this.#at;
        if (block) this.#keyAllowed = true;
      } else return;
    }
  }

  /** Collections that are indented deeper than what follows have ended; a sequence also where another key of its mapping follows. */
  #unwind(column: number): void {
    for (let top = this.#indents.at(-1); top !== undefined; top = this.#indents.at(-1)) {
      const goesOn = column > top.column ||
        (column === top.column && (top.kind === "map" || this.#isDash()) && this.#at < this.text.length);
      if (goesOn) return;
      this.#indents.pop();
      this.#push("end", 0);
    }
  }

  #isDash(): boolean {
    return this.text[this.#at] === "-" && isGap(this.text.charCodeAt(this.#at + 1));
  }

  #push(type: TokenType, length: number, text?: ScalarText): void {
    const start = this.#at;
    this.#at += length;
    this.#queue.push({ type, start, end: this.#at, ...(text === undefined ? {} : { text }) });
  }

  #end(): void {
    if (this.#open.length > 0) throw unclosed(this.text, this.#open.at(-1)!);
    this.#unwind(-1);
    this.#keys.drop(0);
    this.#ended = true;
    this.#push("end of text", 0);
  }

  #directive(): void {
    this.#beginDocument();
    this.#push("directive", lineEnd(this.text, this.#at) - this.#at);
  }

  #documentMark(): void {
    this.#beginDocument();
    this.#push(this.text[this.#at] === "-" ? "---" : "...", 3);
  }

  #beginDocument(): void {
    if (this.#open.length > 0) throw unclosed(this.text, this.#open.at(-1)!);
    this.#unwind(-1);
    this.#keys.drop(0);
    this.#keyAllowed = false;
  }

  #openFlow(char: "[" | "{"): void {
    this.#mayBeKey();
    if (this.#open.push(this.#at) > MAX_DEPTH) throw new TooDeep(this.#at);
    this.#keyAllowed = true;
    this.#push(char, 1);
  }

  #closeFlow(char: "]" | "}"): void {
    const open = this.#open.at(-1);
    if (open === undefined) throw nothingToClose(this.text, this.#at);
    if ((this.text[open] === "[") !== (char === "]")) throw unclosed(this.text, open);
    this.#keys.drop(this.#open.length);
    this.#open.pop();
    this.#keyAllowed = false;
    this.#push(char, 1);
  }

  #dash(column: number): void {
    const open = this.#open.at(-1);
    if (open !== undefined) throw strayInFlow(this.text, open, this.#at);
    if (!this.#keyAllowed) this.#refuse(strayDash);
    if (this.#indent(column, "sequence")) this.#push("sequence", 0);
    this.#push("-", 1);
  }

  #explicitKey(column: number): void {
    const block = this.#open.length === 0;
    if (block) {
      if (!this.#keyAllowed) throw badStart(this.text, this.#at);
      if (this.#indent(column, "map")) this.#push("map", 0);
    }
    this.#keyAllowed = block;
    this.#push("key", 1);
  }

  /** A colon ends a key when a gap follows; in brackets also before a bracket or comma, and right after a quote or bracket. */
  #isValue(at: number): boolean {
    const next = this.text.charCodeAt(at + 1);
    if (isGap(next)) return true;
    if (this.#open.length === 0) return false;
    const before = this.#queue.at(-1);
    return isFlowIndicator(next) ||
      (before?.end === at && (before.type === "quoted" || before.type === "]" || before.type === "}"));
  }

  #value(column: number): void {
    this.#forgetKeys();
    const level = this.#open.length;
    const key = this.#keys.take(level);
    if (key !== undefined) {
      const mark = (type: TokenType): Token => ({ type, start: key.at, end: key.at });
      const begins = level === 0 && this.#indent(key.at - key.line, "map");
      this.#queue.splice(key.token - this.#taken, 0, ...(begins ? [mark("map")] : []), mark("key"));
      this.#keyAllowed = false;
    } else if (level === 0) {
      if (!this.#keyAllowed) this.#refuse(strayColon);
      if (this.#indent(column, "map")) this.#push("map", 0);
      this.#keyAllowed = true;
    } else this.#keyAllowed = false;
    this.#push(":", 1);
  }

  /** Throws: a tab explains best why a dash or colon is out of place. */
  #refuse(words: (text: string, at: number, column: number) => Error): never {
    const tab = /^[ -]*\t/.exec(this.text.slice(this.#line, this.#at));
    throw tab === null ? words(this.text, this.#at, this.column) : tabIndents(this.#line + tab[0].length - 1);
  }

  /** Whether a collection begins in this column. A sequence may begin in the column of the key that it is the value of. */
  #indent(column: number, kind: "sequence" | "map"): boolean {
    const top = this.#indents.at(-1);
    const begins = top === undefined || column > top.column ||
      (column === top.column && kind === "sequence" && top.kind === "map");
    if (begins) this.#indents.push({ column, kind });
    return begins;
  }

  #mayBeKey(): void {
    if (!this.#keyAllowed) return;
    const token = this.#taken + this.#queue.length;
    this.#keys.begin(this.#open.length, { token, at: this.#at, line: this.#line });
  }

  #forgetKeys(): void {
    const isInBraces = (level: number) => level > 0 && this.text[this.#open[level - 1]!] === "{";
    this.#keys.forget(this.#at, this.#line, isInBraces);
  }

  #name(type: "alias" | "anchor"): void {
    const { text } = this;
    let end = this.#at + 1;
    while (!isGap(text.charCodeAt(end)) && !isFlowIndicator(text.charCodeAt(end))) end++;
    // `*a: b` has the key `*a`.
    if (type === "alias" && text[end - 1] === ":") end--;
    if (end === this.#at + 1) throw badStart(text, this.#at);
    this.#mayBeKey();
    this.#keyAllowed = false;
    this.#push(type, end - this.#at);
  }

  #tag(): void {
    const { text } = this;
    let end = this.#at + 1;
    const verbatim = text[end] === "<";
    while (!isGap(text.charCodeAt(end)) && (verbatim || !isFlowIndicator(text.charCodeAt(end)))) {
      if (text[end++] === ">" && verbatim) break;
    }
    this.#mayBeKey();
    this.#keyAllowed = false;
    this.#push("tag", end - this.#at);
  }

  #block(): void {
    this.#keys.drop(0);
    const { text, end, next } = scanBlock(this.text, this.#at, this.column);
    this.#queue.push({ type: "block", start: this.#at, end, text });
    this.#at = this.#line = next;
    this.#keyAllowed = true;
  }

  #scalar(type: "plain" | "quoted"): void {
    this.#mayBeKey();
    const block = this.#open.length === 0;
    const { text, end } = type === "plain"
      ? scanPlain(this.text, this.#at, block ? this.column + 1 : 0, !block)
      : scanQuoted(this.text, this.#at);
    this.#keyAllowed = false;
    const newline = this.text.slice(this.#at, end).lastIndexOf("\n");
    if (newline >= 0) this.#line = this.#at + newline + 1;
    this.#push(type, end - this.#at, text);
  }
}
