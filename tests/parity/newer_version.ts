// Where Falco 0.45 prints something else than Falco 0.44, which made the recordings: the newer version is followed.
// In: a difference that the comparison found. Out: what has changed since; such a value counts as Falco's.
// Elsewhere: differences that are made on purpose (known_differences.ts). docs/differences.md says the same to users.

import type { Difference } from "./difference.ts";

interface NewerValue {
  readonly fields: RegExp;
  readonly holds: (falco: string, ours: string) => boolean;
  readonly change: string;
}

const NEWER_VALUES: readonly NewerValue[] = [
  {
    fields: /./,
    holds: (falco, ours) => falco === asRecorded(ours),
    change: "0.44 has U+FFFD for control characters and non-characters; 0.45 keeps them, as escapes of JSON",
  },
  {
    fields: /^evt\.rawarg\./,
    holds: isWithout,
    change: "0.44's JSON writer swallows characters after malformed UTF-8; 0.45 keeps them",
  },
];

const REPLACEMENT = "\ufffd";

/** What Falco 0.45 has changed; undefined when that does not explain the difference. */
export function changeSince({ falco, ours }: Difference, field: string): string | undefined {
  if (falco === undefined || ours === undefined) return undefined;
  return NEWER_VALUES.find(({ fields, holds }) => fields.test(field) && holds(falco, ours))?.change;
}

/** A value's JSON with its control characters replaced, as 0.44 replaces them. */
function asRecorded(json: string): string {
  return JSON.stringify(
    JSON.parse(json, (_key, value) => typeof value === "string" ? replaced(value) : value),
  );
}

function replaced(text: string): string {
  return text.replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, REPLACEMENT);
}

/** The recorded text is ours without some of the characters that follow a U+FFFD. */
function isWithout(falco: string, ours: string): boolean {
  const left = [...falco];
  let afterReplacement = false;
  for (const character of ours) {
    if (character === left[0]) left.shift();
    else if (!afterReplacement) return false;
    afterReplacement = character === REPLACEMENT;
  }
  return left.length === 0;
}
