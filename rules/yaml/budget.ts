// How much YAML one load may hold, over all files, so that no file can exhaust the memory.
// In: counts. Out: whether there is something left. Elsewhere: the size of a single file (rules/text/source.ts).

/** Scalars in the sequences of rules when aliases are followed: anchors within anchors grow exponentially. */
const MAX_SCALARS = 2_000_000;
/** Characters that can begin a node or a line: a node takes about a kilobyte while it is read. */
const MAX_MARKS = 400_000;

/** What reading a text has taken. */
export interface Spent {
  readonly scalars: number;
  readonly marks: number;
}

export class Budget {
  #scalars = MAX_SCALARS;
  #marks = MAX_MARKS;

  /** @param spent by other files of the load */
  constructor(...spent: readonly Spent[]) {
    for (const { scalars, marks } of spent) {
      this.#scalars -= scalars;
      this.#marks -= marks;
    }
  }

  /** How much of this budget is gone since another time. */
  spentSince(before: Spent): Spent {
    const now = this.left;
    return { scalars: before.scalars - now.scalars, marks: before.marks - now.marks };
  }

  get left(): Spent {
    return { scalars: this.#scalars, marks: this.#marks };
  }

  spendScalars(count: number): boolean {
    this.#scalars -= count;
    return this.#scalars >= 0;
  }

  /** Takes the marks of a text that is about to be read. */
  spendText(text: string): boolean {
    for (let at = 0; at < text.length && this.#marks >= 0; at++) {
      switch (text.charCodeAt(at)) {
        case 10: // line end
        case 44: // ,
        case 58: // :
        case 91: // [
        case 123: // {
          this.#marks--;
      }
    }
    return this.#marks >= 0;
  }
}
