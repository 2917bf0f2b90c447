// A clause about an argument in words: which calls it leaves out.
// In: the type of event, a clause. Out: the end of a sentence, with names as rules have them.
// Elsewhere: where it is shown (cli/list/list_filters.ts).

import type { ArgumentClause } from "./argument_clauses.ts";
import { textOf } from "./known_argument.ts";
import { parameterOf, RAW_ARGUMENTS } from "./raw_arguments.ts";

/** Names that are shown; of more, their number is. */
const MAX_NAMES = 4;

export function clauseText(event: string, { at, name, mask, values, sparesListed }: ArgumentClause): string {
  const argument = RAW_ARGUMENTS.find((one) => one.event === event && one.at === at);
  if (argument === undefined) return `those with some values of ${name}`;
  if (argument.kind === "flags") {
    const bits = [...argument.bits].filter(([bit]) => (bit & mask) !== 0);
    return `those without ${listed(bits.map(([, value]) => textOf(argument, value)))} in ${name}`;
  }
  const names = values.map((value) => textOf(argument, parameterOf(argument, value)));
  if (values.length === 0) return `those with any ${name}`;
  return sparesListed ? `those of ${listed(names)}` : `all but those of ${listed(names)}`;
}

function listed(names: readonly string[]): string {
  const shown = names.length > MAX_NAMES
    ? [...names.slice(0, MAX_NAMES - 1), `${names.length - MAX_NAMES + 1} more`]
    : names;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}
