// The tokens of a condition with the part that each plays, for colours, hovers and completion. Unlike the parser
// (rules/syntax/) this goes on whatever is there: a condition is unfinished while somebody writes it.
// In: the text of a condition. Out: its tokens, and what may come next at its end.
// Elsewhere: whether the condition is right (the diagnostics), outputs (output_tokens.ts). A test compares what both find.

import { MODIFIERS, OPERATORS, TRANSFORMERS } from "../../rules/mod.ts";

export type TokenKind =
  | "field"
  | "transformer"
  | "macro"
  | "operator"
  | "modifier"
  | "logic"
  | "value"
  | "string"
  | "number"
  | "punctuation";

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** what a value is compared with: the left side, when it is a field */
  readonly field?: string;
}

export type Expected = "operand" | "operator" | "value" | "item" | "argument" | "logic";

export interface ConditionTokens {
  readonly tokens: readonly Token[];
  /** what may follow the text */
  readonly expected: Expected;
  /** of the check that the text ends in */
  readonly field?: string;
  readonly operator?: string;
}

const BLANK = /[\s\b]+/y;
const FIELD = /[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+(?:\[[^\]\s]*\]?)?/y;
const NAME = /[a-zA-Z][a-zA-Z0-9_]*/y;
const STRING = /"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?/y;
const BARE = /[^()"'\s=,]+/y;
const SYMBOL = /[<>]=?|==?|!=/y;
const WORD = /[^\s()"',]+/y;
const ARGUMENT = /\[[^\]\s]*\]?/y;
const NUMBER = /^[+-]?(?:0x[0-9a-f]+|\d+(?:\.\d*)?)$/i;

const WORD_OPERATORS: ReadonlySet<string> = new Set(OPERATORS.filter((operator) => /^\w/.test(operator)));
const MODIFIER_WORDS: ReadonlySet<string> = new Set(MODIFIERS);
const CALLS: ReadonlySet<string> = new Set([...TRANSFORMERS, "val"]);

interface Frame {
  readonly of: "group" | "list" | "call";
  /** what follows the closing parenthesis */
  readonly then: Expected;
}

export function conditionTokens(text: string): ConditionTokens {
  return new Scan(text).run();
}

class Scan {
  readonly #tokens: Token[] = [];
  readonly #frames: Frame[] = [];
  #at = 0;
  #expected: Expected = "operand";
  #field: string | undefined;
  #operator: string | undefined;

  constructor(readonly text: string) {}

  run(): ConditionTokens {
    const { text } = this;
    while (this.#at < text.length) {
      if (this.#match(BLANK) !== undefined) continue;
      this.#step(text[this.#at]!);
    }
    return {
      tokens: this.#tokens,
      expected: this.#expected,
      ...(this.#field === undefined ? {} : { field: this.#field }),
      ...(this.#operator === undefined ? {} : { operator: this.#operator }),
    };
  }

  #step(char: string): void {
    if (char === ")") return this.#close();
    if (char === ",") {
      if (this.#frames.at(-1)?.of === "call") this.#expected = "argument";
      else if (this.#frames.at(-1)?.of === "list") this.#expected = "item";
      return this.#add("punctuation", 1);
    }
    switch (this.#expected) {
      case "operand":
      case "logic":
        return this.#operand(char);
      case "operator":
        return this.#comparison(char);
      case "value":
      case "item":
        return this.#value(char);
      case "argument":
        return this.#argument(char);
    }
  }

  #operand(char: string): void {
    if (char === "(") return this.#open("group", "logic", "operand");
    const field = this.#peek(FIELD);
    if (field !== undefined) return this.#left(field);
    const name = this.#peek(NAME);
    if (name === undefined) return this.#stray();
    if (name === "and" || name === "or" || name === "not") {
      this.#expected = "operand";
      return this.#add("logic", name.length);
    }
    if (CALLS.has(name) && this.text[this.#at + name.length] === "(") return this.#call(name, "operator");
    this.#expected = "logic";
    this.#add("macro", name.length);
  }

  #left(field: string): void {
    this.#field = field;
    this.#operator = undefined;
    this.#expected = "operator";
    this.#add("field", field.length);
  }

  #comparison(char: string): void {
    const symbol = this.#peek(SYMBOL);
    const word = symbol ?? this.#peek(NAME);
    if (word === "and" || word === "or") return this.#operand(char);
    if (word === undefined || (symbol === undefined && !WORD_OPERATORS.has(word))) return this.#stray();
    this.#operator = word;
    this.#expected = word === "exists" ? "logic" : "value";
    this.#add("operator", word.length);
  }

  #value(char: string): void {
    const isItem = this.#expected === "item";
    if (char === "(" && !isItem) return this.#open("list", "logic", "item");
    const next = isItem ? "item" : "logic";
    const string = this.#peek(STRING);
    if (string !== undefined) {
      this.#expected = next;
      return this.#add("string", string.length);
    }
    const bare = this.#peek(BARE);
    if (bare === undefined) return this.#stray();
    if (!isItem && MODIFIER_WORDS.has(bare)) return this.#add("modifier", bare.length);
    if (CALLS.has(bare) && this.text[this.#at + bare.length] === "(") return this.#call(bare, next);
    this.#expected = next;
    this.#add(NUMBER.test(bare) ? "number" : "value", bare.length);
  }

  #argument(char: string): void {
    if (char === "(") return this.#open("call", "argument", "argument");
    const field = this.#peek(FIELD);
    if (field !== undefined) return this.#add("field", field.length);
    const string = this.#peek(STRING);
    if (string !== undefined) return this.#add("string", string.length);
    const bare = this.#peek(BARE);
    if (bare === undefined) return this.#stray();
    if (CALLS.has(bare) && this.text[this.#at + bare.length] === "(") return this.#call(bare, "argument");
    this.#add(NUMBER.test(bare) ? "number" : "value", bare.length);
  }

  #call(name: string, then: Expected): void {
    if (then === "operator") this.#field = undefined;
    this.#add("transformer", name.length);
    this.#open("call", then, "argument");
  }

  #open(of: Frame["of"], then: Expected, inside: Expected): void {
    this.#frames.push({ of, then });
    this.#expected = inside;
    this.#add("punctuation", 1);
  }

  #close(): void {
    const frame = this.#frames.pop();
    this.#add("punctuation", 1);
    this.#expected = frame?.then ?? "logic";
    if (frame?.of === "call") {
      const argument = this.#peek(ARGUMENT);
      if (argument !== undefined) this.#add("value", argument.length);
    }
  }

  /** What fits nowhere: a check that is not finished ends here. */
  #stray(): void {
    const word = this.#peek(WORD) ?? this.text[this.#at]!;
    this.#add("punctuation", word.length);
  }

  #add(kind: TokenKind, length: number): void {
    const start = this.#at;
    this.#at += length;
    const text = this.text.slice(start, this.#at);
    const isValue = kind === "value" || kind === "string" || kind === "number";
    this.#tokens.push({
      kind,
      text,
      start,
      end: this.#at,
      ...(isValue && this.#field !== undefined ? { field: this.#field } : {}),
    });
  }

  #peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text)?.[0];
  }

  #match(pattern: RegExp): string | undefined {
    const found = this.#peek(pattern);
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}
