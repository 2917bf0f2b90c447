// Where the recorded values are not followed, with the reason. Everything else has to agree.
// In: a difference that the comparison found. Out: the entry that explains it.

import type { Difference } from "./fields_oracle.ts";

interface KnownDifference {
  readonly fields: RegExp;
  readonly holds?: (difference: Difference) => boolean;
  readonly reason: string;
}

const EVT_ABSPATH =
  "Falco's evt.abspath, which the recording rule prints too, makes the directory fd of the call the fd of the event";

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    fields: /^evt\.deltatime/,
    holds: ({ expected }) => expected === "0",
    reason:
      "Falco formats each alert twice and measures from the first time, so it prints 0; ours is since the event before",
  },
  {
    fields: /^proc\.ppid\.duration$/,
    holds: ({ found }) => found === "<missing>",
    reason:
      "Falco prints the number of open fds when the start of the parent is not known; ours has no value",
  },
  {
    fields: /^proc\.exe_ino\.ctime_duration_pidns_start$/,
    holds: ({ expected, found }) => expected === "18446744073709522288" && found === "<missing>",
    reason: "Falco prints memory that was never set for threads of the process list",
  },
  {
    fields: /^(fd\.|fs\.path\.name$)/,
    holds: ({ type, recorded }) => type.startsWith("openat") && recorded.get("evt.rawarg.dirfd") !== "-100",
    reason: EVT_ABSPATH,
  },
  {
    fields: /^evt\.count\.error\.(file|other)$/,
    holds: ({ type }) => /^(renameat2?|linkat)$/.test(type),
    reason: EVT_ABSPATH,
  },
  {
    fields: /^evt\.rawarg\./,
    holds: ({ expected }) => /[^\x20-\x7e]/.test(expected),
    reason: "Falco does not sanitize evt.rawarg, and its JSON writer swallows a byte behind malformed UTF-8",
  },
  {
    fields: /^evt\.(rawarg\.args|buffer)$/,
    holds: ({ expected, found }) => expected.length === 1021 && found.startsWith(expected),
    reason: "Falco prints at most 1021 bytes of a buffer; the matcher hands all over, outputs/ may cut",
  },
  {
    fields: /^evt\.buffer$/,
    holds: ({ type }) => type === "ptrace",
    reason: "the recording leaves out evt.buffer of ptrace, where Falco prints stale bytes",
  },
  {
    fields: /^container\.id$/,
    holds: ({ type }) => type === "container" || type === "container_removed",
    reason: "on its own events the container plugin takes the id from the message, not from a thread",
  },
];

export function explain(field: string, difference: Difference): KnownDifference | undefined {
  return KNOWN_DIFFERENCES.find(({ fields, holds }) => fields.test(field) && (holds?.(difference) ?? true));
}
