// Error reporting and exit codes, for every subcommand.
// In: what the user did wrong, or what went wrong in the environment. Out: lines on standard error, exit code 1;
// never a stack trace.

import { InvalidRules, messageOf, sanitize, UsageError } from "../base/mod.ts";
import { isJournal, journalLine } from "../outputs/local_syslog/mod.ts";

/** Of syslog: what ends a service is an error in the journal. */
const ERROR_SEVERITY = 3;

/** Of `falco check`: it was called in a wrong way. */
export const USAGE_ERROR = 2;

/** Says on standard error what went wrong and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof InvalidRules) {
    say(error.message);
  } else if (error instanceof UsageError) {
    for (const problem of error.problems) say(`Error: ${harmless(problem)}`);
  } else {
    say(`Error: ${harmless(messageOf(error))}`);
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
