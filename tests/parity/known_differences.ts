// Where the recorded values are not followed, with the reason. Everything else has to agree.
// In: a difference that the comparison found. Out: the entry that explains it. docs/differences.md tells users the same.
// Elsewhere: values that a newer Falco prints otherwise (newer_version.ts).

import type { Difference } from "./difference.ts";

interface KnownDifference {
  readonly fields: RegExp;
  readonly holds?: (difference: Difference) => boolean;
  readonly reason: string;
}

const OPENS = ["openat", "openat2"];
const RENAMES = ["renameat", "renameat2", "linkat"];
/** the longest text that Falco makes of a buffer, with the quotes of JSON */
const FALCO_BUFFER = 1023;

const EVT_ABSPATH =
  "Falco's evt.abspath, printed by the same rule, makes the directory fd of the call the fd of the event; ours has no " +
  "influence on other fields";

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    fields: /^proc\.exe_ino\.ctime_duration_pidns_start$/,
    holds: ({ falco, ours }) => ours === undefined && falco !== undefined && BigInt(falco) >> 63n === 1n,
    reason: "Falco prints memory that was never set for threads of the process list; ours has no value",
  },
  {
    fields: /^(fd\.|fs\.path\.name$)/,
    holds: ({ type, recorded }) => OPENS.includes(type) && recorded?.get("evt.rawarg.dirfd") !== "-100",
    reason: EVT_ABSPATH,
  },
  {
    fields: /^evt\.count\.error\.(file|other)$/,
    holds: ({ type }) => RENAMES.includes(type),
    reason: EVT_ABSPATH,
  },
  {
    fields: /^evt\.(rawarg\.args|buffer)$/,
    holds: ({ falco = "", ours = "" }) =>
      JSON.parse(falco || '""').length >= FALCO_BUFFER - 2 &&
      JSON.parse(ours || '""').startsWith(JSON.parse(falco || '""')),
    reason: "Falco prints at most 1021 bytes of a buffer; ours prints all of it",
  },
];

/** The reason why a value differs; undefined when it should not. */
export function explain(field: string, difference: Difference): string | undefined {
  return KNOWN_DIFFERENCES.find(({ fields, holds }) => fields.test(field) && (holds?.(difference) ?? true))
    ?.reason;
}
