// Where the key of a mapping may have begun: that it is one shows only at the colon after it.
// In: where tokens are. Out: which of them may still be keys. Elsewhere: the tokens themselves (scanner.ts).

export interface PossibleKey {
  /** the number of its first token, counted from the first of the text */
  readonly token: number;
  readonly at: number;
  /** offset at which its line begins */
  readonly line: number;
}

/** In YAML the key of a mapping is not longer, unless `?` is before it. It also bounds how many tokens wait. */
const MAX_LENGTH = 1024;

export class PossibleKeys {
  /** one at most for each level of brackets; level 0 is outside of all */
  #keys: (PossibleKey | undefined)[] = [];

  begin(level: number, key: PossibleKey): void {
    this.#keys[level] = key;
  }

  /** What began on this level is no key any more; nor is what began in brackets within it. */
  drop(level: number): void {
    this.#keys.length = Math.min(this.#keys.length, level);
  }

  /** A colon follows: the key, which is none any more. */
  take(level: number): PossibleKey | undefined {
    const key = this.#keys[level];
    this.#keys[level] = undefined;
    return key;
  }

  /** Whether the token may still turn out to begin a key. */
  has(token: number): boolean {
    return this.#keys.some((key) => key?.token === token);
  }

  /** The colon of a key is on its line, except in braces. */
  forget(at: number, line: number, isInBraces: (level: number) => boolean): void {
    this.#keys.forEach((key, level) => {
      if (key === undefined) return;
      if ((key.line !== line && !isInBraces(level)) || at - key.at > MAX_LENGTH) {
        this.#keys[level] = undefined;
      }
    });
  }
}
