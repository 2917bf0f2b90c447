// Mistakes of the user that end a command: they are shown without a stack.
// Elsewhere: showing them, and exit codes (cli/failure.ts).

/** A mistake of the user: each problem in a line of its own. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** Diagnostics that have been rendered already. */
export class InvalidRules extends Error {
  override readonly name = "InvalidRules";
}
