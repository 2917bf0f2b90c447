// Whether a transparency log has an entry, and since when.
// In: an entry, the logs of the trusted root. Out: the time, when the log has signed one; an ArtifactError in words.
// Elsewhere: what the entry is about (entry_body.ts), the tree of a log (inclusion.ts).

import { Buffer } from "node:buffer";
import { ArtifactError } from "../../failure.ts";
import { rootHash } from "./inclusion.ts";
import type { Inclusion, LogEntry } from "./proof.ts";
import { isValidAt, type Log } from "./trusted_root.ts";

/** A log's own and those of witnesses. */
const MAX_NOTE_SIGNATURES = 16;
const NOTE_SIGNATURE = /^\u2014 \S+ ([A-Za-z0-9+/=]+)$/;
const HINT_BYTES = 4;

/** @returns undefined: it is there, and since when is not known */
export function loggedAtMs(entry: LogEntry, logs: readonly Log[]): number | undefined {
  const own = logs.filter(({ id }) => id.equals(entry.logId));
  if (own.length === 0) throw new ArtifactError("its log entry is of no log of the trusted root");
  const { promise, inclusion } = entry;
  if (promise === undefined && inclusion === undefined) {
    throw new ArtifactError("nothing shows that the log has its entry");
  }
  if (inclusion !== undefined && !own.some((log) => includes(log, entry.body, inclusion))) {
    throw new ArtifactError("its log entry is not in the tree of the log");
  }
  if (promise === undefined) return undefined;
  const timeMs = entry.integratedTime * 1000;
  const said = Buffer.from(promised(entry));
  if (!own.some((log) => isValidAt(log, timeMs) && log.key.verifies(said, promise))) {
    throw new ArtifactError("its log entry is not signed by the log");
  }
  return timeMs;
}

/** What a signed entry timestamp is made of: JSON with its keys in order, without a blank. */
function promised({ body, integratedTime, logId, logIndex }: LogEntry): string {
  return JSON.stringify({
    body: body.toString("base64"),
    integratedTime,
    logID: logId.toString("hex"),
    logIndex,
  });
}

function includes(log: Log, body: Buffer, { index, hashes, checkpoint }: Inclusion): boolean {
  const end = checkpoint.indexOf("\n\n");
  const note = checkpoint.slice(0, end + 1);
  const [, size = "", root = ""] = note.split("\n");
  if (end < 0 || !/^[0-9]{1,19}$/.test(size)) return false;
  const signed = checkpoint.slice(end + 2).split("\n", MAX_NOTE_SIGNATURES).some((line) => {
    const signature = Buffer.from(NOTE_SIGNATURE.exec(line)?.[1] ?? "", "base64");
    return signature.subarray(0, HINT_BYTES).equals(log.checkpointHint) &&
      log.key.verifies(Buffer.from(note), signature.subarray(HINT_BYTES));
  });
  return signed && rootHash(body, index, BigInt(size), hashes)?.equals(Buffer.from(root, "base64")) === true;
}
