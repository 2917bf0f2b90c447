// A place where a text is no YAML. Thrown by the scanner and the parser, caught by read.ts, which makes a diagnostic of it.
// Elsewhere: the words for each kind of mistake (syntax_words.ts).

export class YamlMistake extends Error {
  /** `start` and `end` are offsets into the text. */
  constructor(readonly start: number, readonly end: number, message: string, readonly hint?: string) {
    super(message);
  }
}

/** Rules need five levels; far more is an attack on the stack. */
export const MAX_DEPTH = 100;

export class TooDeep extends YamlMistake {
  constructor(at: number) {
    super(at, at + 1, `more than ${MAX_DEPTH} collections are nested`);
  }
}
