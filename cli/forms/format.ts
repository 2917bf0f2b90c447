// The forms in which Falco's listings are printed.
// In: --format and --markdown as given. Out: one of the forms; a UsageError when they make no sense.

import { UsageError } from "../../base/mod.ts";

const FORMATS = ["text", "markdown", "json"] as const;
export type Format = typeof FORMATS[number];

export function formatOf(format: string | undefined, markdown: boolean): Format {
  if (format === undefined) {
    if (markdown) console.error("Warning: --markdown is deprecated, use --format markdown");
    return markdown ? "markdown" : "text";
  }
  if (markdown) throw new UsageError(["--markdown and --format cannot be used together"]);
  const word = format.toLowerCase();
  const known = FORMATS.find((name) => name === word);
  if (known === undefined) {
    throw new UsageError([`--format ${format}: expected one of ${FORMATS.join(", ")}`]);
  }
  return known;
}
