// What checks of rules remember, so that after a key in an editor only what changed is worked out again. The one place for it: a
// stage that takes time asks `recall`, and says by which objects its answer is known.
// In: questions. Out: the answer of last time where all that it came from is the very same object, else a new one.
// Elsewhere: items that stay the same objects when their file changes elsewhere (items/rules_file.ts), who lets it last (lsp/model/project.ts).
//
// It changes no answer: what is remembered comes from its inputs alone. A check on its own has a memory of its own. One that lasts is for
// one environment, and bounded: there is one answer for each question and object, and it goes with the object.

interface Answer {
  readonly inputs: readonly unknown[];
  readonly value: unknown;
}

export class Memory {
  readonly #answers = new Map<string, WeakMap<object, Answer>>();

  /** @param lasts there will be other checks */
  constructor(readonly lasts = false) {}

  /**
   * @param what names the question
   * @param about the object that the question is about
   * @param inputs all else that the answer comes from: objects that never change, or plain values
   */
  recall<T>(what: string, about: object, inputs: readonly unknown[], make: () => T): T {
    let answers = this.#answers.get(what);
    if (answers === undefined) this.#answers.set(what, answers = new WeakMap());
    const known = answers.get(about);
    if (known !== undefined && isSame(known.inputs, inputs)) return known.value as T;
    const value = make();
    answers.set(about, { inputs, value });
    return value;
  }

  /** The same for a question that a check asks once: a memory of one check does not keep the answer. */
  recallEarlier<T>(what: string, about: object, inputs: readonly unknown[], make: () => T): T {
    return this.lasts ? this.recall(what, about, inputs, make) : make();
  }

  /** What lasts as long as the memory, such as a table of its own. */
  lasting<T>(what: string, make: () => T): T {
    return this.recall(what, this, [], make);
  }
}

function isSame(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((input, at) => input === now[at]);
}
