// Tokens of the condition language, cut on demand: what a word is depends on what the parser looks for.
// In: a text. Out: tokens at a moving position. Elsewhere: grammar (parser.ts), places in files (rules/text/mapped_text.ts).
//
// Falco's reader takes the first token of the wanted kind that fits, without looking at what follows: `in(` and
// `infoo` both hold the operator `in`. This does the same.

const FIELD_NAME = /[a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+/y;
const IDENTIFIER = /[a-zA-Z][a-zA-Z0-9_]*/y;
const HEX_NUMBER = /0[xX][0-9a-fA-F]+/y;
const NUMBER = /[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y;
const BARE_TEXT = /[^()"' \t\n\v\f\r=,]+/y;
const BARE_ARGUMENT = /[^\][" '\t\n\v\f\r]+/y;
const NOT = /not[ \t\n\v\f\r]+/y;
const WORD = /[^\s()"',]+|"[^"\n]*"|'[^'\n]*'|[()"',]/y;

export class Lexer {
  at = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** True when there was any. */
  blank(): boolean {
    const start = this.at;
    while (isBlank(this.text.charCodeAt(this.at))) this.at++;
    return this.at > start;
  }

  literal(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  /** A word that must be followed by a blank; the blank is taken as well. */
  spacedWord(word: string): boolean {
    const start = this.at;
    if (this.literal(word) && this.blank()) return true;
    this.at = start;
    return false;
  }

  fieldName(): string | undefined {
    return this.#match(FIELD_NAME);
  }

  identifier(): string | undefined {
    return this.#match(IDENTIFIER);
  }

  number(): string | undefined {
    return this.#match(HEX_NUMBER) ?? this.#match(NUMBER);
  }

  bareText(): string | undefined {
    return this.#match(BARE_TEXT);
  }

  bareArgument(): string | undefined {
    return this.#match(BARE_ARGUMENT);
  }

  /** `not` with the blanks after it. */
  not(): boolean {
    return this.#match(NOT) !== undefined;
  }

  /** A text in quotes, still with them; nothing when the closing one is missing. */
  quoted(): string | undefined {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return undefined;
    let end = this.at + 1;
    // A quote is escaped by the character before it, even if that is itself escaped.
    while (
      end < this.text.length && (this.text[end] !== quote || this.text[end - 1] === "\\") &&
      this.text[end] !== "\0"
    ) {
      end++;
    }
    if (this.text[end] !== quote) return undefined;
    const token = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    return token;
  }

  /** What is here, for messages. */
  peekWord(): string {
    WORD.lastIndex = this.at;
    return WORD.exec(this.text)?.[0] ?? "";
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const token = pattern.exec(this.text)?.[0];
    if (token !== undefined) this.at += token.length;
    return token;
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13 || code === 8;
}

export interface Unescaped {
  readonly text: string;
  /** present when the value is not valid text; `text` has U+FFFD then */
  readonly bytes?: Uint8Array;
}

export interface BadEscape {
  readonly problem: string;
  /** offset in the token */
  readonly at: number;
  readonly length: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  " ": "\\",
  "\\": "\\",
  "/": "/",
};

/** Takes the quotes and escapes off a token that quoted() gave. */
export function unescapeQuoted(token: string): Unescaped | BadEscape {
  const quote = token[0]!;
  const body = token.slice(1, -1);
  if (!body.includes("\\")) return { text: body };
  let text = "";
  let raw: number[] | undefined;
  for (let i = 0; i < body.length; i++) {
    const char = body[i]!;
    if (char !== "\\") {
      text += char;
      continue;
    }
    const next = body[++i];
    if (next === undefined) break;
    if (next === "x") {
      const digits = body.slice(i + 1, i + 3);
      if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
        return { problem: `\`\\x\` needs two hexadecimal digits`, at: i, length: 2 + digits.length };
      }
      const byte = parseInt(digits, 16);
      if (byte >= 0x80) {
        raw ??= [];
        // A private mark holds the byte's place until the text becomes bytes.
        raw.push(text.length, byte);
        text += "\ufffd";
      } else text += String.fromCharCode(byte);
      i += 2;
    } else if (next === '"' || next === "'") {
      if (next !== quote) {
        const other = quote === '"' ? "double" : "single";
        return { problem: `\`\\${next}\` is no escape within ${other} quotes`, at: i, length: 2 };
      }
      text += next;
    } else {
      const escaped = ESCAPES[next];
      if (escaped === undefined) return { problem: `\`\\${next}\` is no escape`, at: i, length: 2 };
      text += escaped;
    }
  }
  return raw === undefined ? { text } : ofBytes(withRawBytes(text, raw));
}

/** Escaped bytes may be text together: `\xc3\xa9` is é. */
function ofBytes(bytes: Uint8Array): Unescaped {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return sameBytes(new TextEncoder().encode(text), bytes) ? { text } : { text, bytes };
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function withRawBytes(text: string, raw: readonly number[]): Uint8Array {
  const parts: number[] = [];
  let from = 0;
  for (let i = 0; i < raw.length; i += 2) {
    parts.push(...new TextEncoder().encode(text.slice(from, raw[i])), raw[i + 1]!);
    from = raw[i]! + 1;
  }
  parts.push(...new TextEncoder().encode(text.slice(from)));
  return Uint8Array.from(parts);
}
