// Walks a pattern by code points and reads escapes, which are the same inside and outside of brackets.

/** The pattern is wrong or too large; the message is for the author of the rule. */
export class RegexError extends Error {}

const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, f: 12, v: 11 };

export class RuneReader {
  #at = 0;

  constructor(readonly pattern: string) {}

  atEnd(): boolean {
    return this.#at >= this.pattern.length;
  }

  peek(): string | undefined {
    const rune = this.pattern.codePointAt(this.#at);
    return rune === undefined ? undefined : String.fromCodePoint(rune);
  }

  next(): string {
    const char = this.peek();
    if (char === undefined) throw new RegexError("the expression ends too early");
    this.#at += char.length;
    return char;
  }

  rest(): string {
    return this.pattern.slice(this.#at);
  }

  /** Reads on when the rest begins with a match of `expected`; returns what stood there. */
  match(expected: RegExp): RegExpExecArray | undefined {
    const found = expected.exec(this.rest());
    if (found === null) return undefined;
    this.#at += found[0].length;
    return found;
  }

  /** The code point that an escape means; the backslash has been read. */
  escape(): number {
    if (this.atEnd()) throw new RegexError("a backslash at the end");
    const octal = this.match(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/);
    if (octal !== undefined) return parseInt(octal[0], 8);
    const hex = this.match(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/);
    if (hex !== undefined) {
      const rune = parseInt(hex[1] ?? hex[2] ?? "", 16);
      if (rune <= 0x10ffff) return rune;
      throw new RegexError(`\\${hex[0]} is no character`);
    }
    const char = this.next();
    const control = CONTROLS[char];
    if (control !== undefined) return control;
    const rune = char.codePointAt(0)!;
    if (rune < 0x80 && !/\w/.test(char)) return rune;
    throw new RegexError(`POSIX syntax has no escape \\${char}`);
  }
}
