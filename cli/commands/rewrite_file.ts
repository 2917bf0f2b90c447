// Writes a new text into a file of the user's, for `falco fmt` and `falco check --fix`.
// In: what was read, a new text. Out: nothing, or the reason why the file is as before. The file stays the same one: owner, mode and
// links do not change, and what is put in its place meanwhile is not written to. A full disk leaves the old text.
// Elsewhere: which text (fmt.ts, fix_files.ts).

import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { makeSource, type Source } from "../../rules/mod.ts";

const FLAGS = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;

/** @param ends whether line ends and a byte order mark stay as they are; else there are `\n` and none */
export function rewriteFile({ path, text: known }: Source, text: string, ends: boolean): string | undefined {
  let file: number;
  try {
    file = openSync(path, FLAGS);
  } catch (error) {
    return reasonOf(error);
  }
  try {
    if (!fstatSync(file).isFile()) return "it is no regular file any more";
    const before = readFileSync(file);
    const raw = new TextDecoder("utf-8", { ignoreBOM: true }).decode(before);
    if (makeSource(path, raw).text !== known) return "something else has changed it meanwhile";
    const after = new TextEncoder().encode(ends ? withEnds(raw, text) : text);
    try {
      writeAll(file, after);
    } catch (error) {
      writeAll(file, before);
      return reasonOf(error);
    }
    return undefined;
  } catch (error) {
    return reasonOf(error);
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, at);
  ftruncateSync(file, bytes.length);
}

function withEnds(raw: string, text: string): string {
  const mark = raw.startsWith("\ufeff") ? "\ufeff" : "";
  return mark + (raw.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
}

/** Node's messages begin with a code and end with the call. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}
