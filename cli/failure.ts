// Ends of a run that are not success, for every subcommand.
// In: what the user did wrong, or what went wrong in the environment. Out: lines on standard error, exit code 1;
// never a stack trace.

import { isJournal, journalLine } from "../outputs/journal.ts";
import { sanitize } from "../outputs/sanitize.ts";

/** Of syslog: what ends a service is an error in the journal. */
const ERROR_SEVERITY = 3;

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

/** Says on standard error what went wrong and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof InvalidRules) {
    say(error.message);
  } else if (error instanceof UsageError) {
    for (const problem of error.problems) say(`Error: ${harmless(problem)}`);
  } else {
    say(`Error: ${harmless(error instanceof Error ? error.message : String(error))}`);
  }
  return 1;
}

function say(text: string): void {
  const lines = text.split("\n");
  console.error(
    isJournal("stderr") ? lines.map((line) => journalLine(ERROR_SEVERITY, line)).join("\n") : text,
  );
}

function harmless(text: string): string {
  return text.split("\n").map(sanitize).join("\n");
}
