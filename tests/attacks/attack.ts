// What an attack is: something that another user of the host, a container, an engine, a cluster or a receiver can do,
// tried against the running program.
// Elsewhere: the attacks (tests/attacks/cases/, one file each, its default export), what they run against
// (tests/attacks/target.ts), running them all (tests/attacks/main.ts) or the quick ones (tests/attacks/attacks_test.ts).

import type { Target } from "./target.ts";

export interface Attack {
  /** what the attacker wants, as docs/security.md has it */
  readonly aim: "take over" | "blind" | "starve" | "lie";
  /** what is tried, in one line: "a FIFO in a watched folder" */
  readonly tries: string;
  /** takes ten seconds at most, start of falco included: part of the tests */
  readonly isQuick: boolean;
  /** Why this machine cannot try it, or null. */
  refusal?(): Promise<string | null>;
  /**
   * Tries it, and removes all that it made.
   * @returns what happened, in a few words, with its figures
   * @throws when the attack succeeded, or when what shows its failure did not happen
   */
  run(target: Target): Promise<string>;
}
