// Tokens become nodes with positions.
// In: a source and the text of it that is to be read, which has blanks in place of what could not be. Out: the documents of the text;
// a diagnostic for what is YAML and cannot be meant (aliases, keys), YamlMistake for what is none.
// Elsewhere: cutting the text into tokens (scanner.ts), what the nodes mean (items/items.ts, config/).
//
// Scalars stay text: Falco's reader has its own ideas of numbers and booleans (decode.ts), and knows neither merge keys nor tags.

import type { DiagnosticCode } from "../findings/registry.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import type { Source, Span } from "../text/span.ts";
import { MappedText } from "../text/mapped_text.ts";
import type { YamlEntry, YamlMap, YamlNode, YamlNull, YamlScalar, YamlSequence } from "./nodes.ts";
import { lineStart } from "./characters.ts";
import { MAX_DEPTH, TooDeep } from "./mistake.ts";
import { Scanner } from "./scanner.ts";
import { afterEnd, strayInFlow, strayLine } from "./syntax_words.ts";
import type { Token } from "./tokens.ts";

export class Parser {
  /** something is YAML and cannot be used; it is reported */
  failed = false;
  /** a part of the text stands for another */
  hasAliases = false;
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, YamlNode | "open">();
  #depth = 0;
  /** the last token that has a text */
  #last: Token | undefined;
  /** where the last text in quotes or brackets began, and where it ended */
  #closed = { start: 0, end: -1 };

  constructor(readonly source: Source, readonly text: string, readonly report: Report) {
    this.#scanner = new Scanner(text);
  }

  documents(): YamlNode[] {
    const documents: YamlNode[] = [];
    for (;;) {
      while (this.#peek("directive", "...")) this.#next();
      if (this.#peek("---")) this.#next();
      else if (this.#peek("end of text")) return documents;
      this.#anchors.clear();
      const node = this.#node(this.#scanner.peek().start);
      const isEmpty = node?.kind === "null" && node.span.start === node.span.end;
      if (node !== undefined && !isEmpty) documents.push(node);
      if (!this.#peek("---", "...", "directive", "end of text")) throw this.#stray();
    }
  }

  #peek(...types: readonly Token["type"][]): boolean {
    return types.includes(this.#scanner.peek().type);
  }

  #next(): Token {
    const token = this.#scanner.next();
    if (token.end > token.start) this.#last = token;
    return token;
  }

  /**
   * A node, which is null where nothing was written: a null of the given place. Nothing after a report.
   * A plain text in the column `outside` is no part of it.
   */
  #node(place: number, placeEnd = place, outside = -1): YamlNode | undefined {
    const start = this.#scanner.peek().start;
    let anchor: string | undefined;
    let tagged = false;
    while (this.#peek("anchor", "tag")) {
      const token = this.#next();
      if (token.type === "tag") tagged = true;
      else anchor = this.text.slice(token.start + 1, token.end);
    }
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const bare = anchor === undefined && !tagged;
    const empty = () => bare ? this.#null(place, placeEnd) : this.#null(start, this.#last!.end);
    const content = this.#scanner.peek();
    const node = this.#isOutside(outside) ? empty() : this.#content(tagged, empty);
    if (anchor !== undefined && node !== undefined) this.#anchors.set(anchor, node);
    if (content.type === "plain" && node?.kind === "scalar") this.#warnOfTag(start, content.start);
    return node;
  }

  /** `!container and …` is meant as a condition; YAML, and Falco, take the first word of it away. */
  #warnOfTag(start: number, end: number): void {
    const tag = /^![^!\s]+/.exec(this.text.slice(start, end))?.[0];
    if (tag === undefined) return;
    this.report.add(
      "ignored-tag",
      this.#span(start, start + tag.length),
      `\`${tag}\` is a YAML tag and no part of the value`,
      {
        hint: "put the whole value into quotes; in a condition write `not` instead of `!`",
      },
    );
  }

  /** In the column of its key a value may begin when it is a sequence, or in brackets or quotes. */
  #isOutside(column: number): boolean {
    const { type, start } = this.#scanner.peek();
    return column >= 0 && type === "plain" && start - lineStart(this.text, start) === column;
  }

  #content(tagged: boolean, empty: () => YamlNull): YamlNode | undefined {
    const token = this.#scanner.peek();
    switch (token.type) {
      case "alias":
        this.#next();
        return this.#alias(token);
      case "plain":
      case "quoted":
      case "block":
        this.#next();
        return this.#scalar(token, tagged);
      case "sequence":
        return this.#nested(token, () => this.#blockSequence());
      case "map":
        return this.#nested(token, () => this.#blockMap());
      case "[":
        return this.#nested(token, () => this.#flowSequence());
      case "{":
        return this.#nested(token, () => this.#flowMap());
      default:
        return empty();
    }
  }

  #nested<T>(token: Token, read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw new TooDeep(token.start);
    const node = read();
    this.#depth--;
    return node;
  }

  #blockSequence(): YamlSequence {
    const { start } = this.#next();
    const items: YamlNode[] = [];
    const dashes: number[] = [];
    while (!this.#peek("end")) {
      if (!this.#peek("-")) throw this.#stray();
      const dash = this.#next();
      const item = this.#node(dash.start, dash.end);
      if (item === undefined) continue;
      items.push(item);
      dashes.push(dash.start);
    }
    this.#next();
    return { kind: "sequence", items, dashes, span: this.#span(start, this.#last!.end) };
  }

  #blockMap(): YamlMap {
    const { start } = this.#next();
    const entries = new Entries();
    while (!this.#peek("end")) {
      if (!this.#peek("key", ":")) throw this.#stray();
      this.#pair(entries, start - lineStart(this.text, start));
    }
    this.#next();
    return entries.map(this.#span(start, this.#last!.end));
  }

  #flowSequence(): YamlSequence {
    const { start } = this.#next();
    const items: YamlNode[] = [];
    while (!this.#peek("]")) {
      const item = this.#peek("key", ":") ? this.#loosePair() : this.#entry();
      if (item !== undefined) items.push(item);
      this.#separator(start, "]");
    }
    return { kind: "sequence", items, span: this.#close(start) };
  }

  #close(start: number): Span {
    const { end } = this.#next();
    this.#closed = { start, end };
    return this.#span(start, end);
  }

  /** Between two commas there may be nothing: the comma is shown. */
  #entry(): YamlNode | undefined {
    const { start, end } = this.#scanner.peek();
    return this.#node(start, end);
  }

  /** `key: value` within a sequence in brackets is a mapping without braces. */
  #loosePair(): YamlMap {
    const { start } = this.#scanner.peek();
    const entries = new Entries();
    this.#pair(entries);
    return entries.map(this.#span(start, this.#last!.end));
  }

  #flowMap(): YamlMap {
    const { start } = this.#next();
    const entries = new Entries();
    while (!this.#peek("}")) {
      this.#pair(entries);
      this.#separator(start, "}");
    }
    return entries.map(this.#close(start));
  }

  #separator(open: number, closing: "]" | "}"): void {
    if (this.#peek(",")) this.#next();
    else if (!this.#peek(closing)) throw strayInFlow(this.text, open, this.#scanner.peek().start);
  }

  /** A key and its value, either of which may be missing. In braces a key may be alone. */
  #pair(entries: Entries, column = -1): void {
    const { start, end } = this.#scanner.peek();
    if (this.#peek("key")) this.#next();
    const key = this.#peek(":") ? this.#null(start, end) : this.#node(start, end);
    let value: YamlNode | undefined = this.#null(key?.span.start ?? start, key?.span.end ?? end);
    if (this.#peek(":")) {
      const colon = this.#next();
      value = this.#node(colon.end, colon.end, column);
    }
    if (key === undefined || value === undefined) {
      entries.damaged = true;
      return;
    }
    if (key.kind !== "scalar") {
      const isTemplate = this.text.startsWith("{{", key.span.start - 1) && key.kind === "map";
      const hint = isTemplate
        ? "fill the template in, or put the value into quotes when it is a text"
        : undefined;
      this.#fail("wrong-type", key.span, "the key of a mapping has to be a text", hint);
      entries.damaged = true;
      return;
    }
    const before = entries.add(key, value);
    if (before === undefined) return;
    this.report.add("yaml-duplicate-key", key.span, `the key \`${key.value}\` appears twice in one mapping`, {
      notes: ["The first one counts, as in Falco."],
      labels: [{ span: before.key.span, message: "first here" }],
    });
  }

  #scalar({ type, start, end, text }: Token, tagged: boolean): YamlScalar | YamlNull {
    const span = this.#span(start, end);
    if (type === "quoted") this.#closed = { start, end };
    const { value } = text!;
    if (type === "plain" && !tagged && isNullText(value)) return { kind: "null", span };
    return {
      kind: "scalar",
      value,
      span,
      text: new MappedText(value, span, () => text!.chunks(this.source)),
    };
  }

  #alias({ start, end }: Token): YamlNode | undefined {
    this.hasAliases = true;
    const name = this.text.slice(start + 1, end);
    const span = this.#span(start, end);
    const target = this.#anchors.get(name);
    if (target === "open") {
      this.#fail("yaml-alias-loop", span, `the alias \`*${name}\` refers to a node that it is part of`);
    } else if (target === undefined) {
      this.#fail(
        "yaml-unknown-alias",
        span,
        `the alias \`*${name}\` refers to no anchor before it`,
        "a value that begins with `*` is an alias: put it into quotes when it is a text",
      );
    } else return target;
    return undefined;
  }

  /** What follows where the collection, or the document, should go on or end. */
  #stray(): Error {
    const { start } = this.#scanner.peek();
    const last = this.#last;
    const isNext = last?.end === this.#closed.end && !this.text.slice(last.end, start).includes("\n");
    if (isNext) return afterEnd(this.text, this.#closed.start, last.end, start);
    return strayLine(this.text, start, this.#scanner.column);
  }

  #null(start: number, end: number): YamlNull {
    return { kind: "null", span: this.#span(start, end) };
  }

  #span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  #fail(code: DiagnosticCode, span: Span, text: string, hint?: string): void {
    this.failed = true;
    this.report.add(code, span, text, { hint });
  }
}

/** The entries of a mapping while it is read. */
class Entries {
  damaged = false;
  readonly #entries = new Map<string, YamlEntry>();

  /** Gives the entry that has the key already: it stays. */
  add(key: YamlScalar, value: YamlNode): YamlEntry | undefined {
    const before = this.#entries.get(key.value);
    if (before === undefined) this.#entries.set(key.value, { key, value });
    return before;
  }

  map(span: Span): YamlMap {
    return { kind: "map", entries: this.#entries, ...(this.damaged ? { damaged: true } : {}), span };
  }
}

function isNullText(value: string): boolean {
  return value === "" || value === "~" || value === "null" || value === "Null" || value === "NULL";
}
