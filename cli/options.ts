// What the flags that more than one command has mean together.
// In: what commander parsed. Out: settings and rules paths; what is wrong: a UsageError with all problems at once, or faults.
// Elsewhere: the flags (flags.ts), the settings themselves (config/).

/** For --help: they are too many to be listed there. */
export function settingsHelp(): string {
  return "Settings, for -o key=value and for the file of -c: falco list config prints all of them with their meaning.";
}
