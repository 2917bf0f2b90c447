// Flags whose value can only follow `=`: what comes after them is the next argument, not their value.
// In: arguments. Out: the same with the value that such a flag has when it is alone. Elsewhere: flags (flags.ts).

const BARE: Readonly<Record<string, string>> = { "--fix": "safe" };

export function withBareValues(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, at) =>
    Object.hasOwn(BARE, arg) && (end < 0 || at < end) ? `${arg}=${BARE[arg]}` : arg
  );
}
