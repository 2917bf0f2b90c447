// Rules and settings from the disk: with text/pipes.ts the only module of this package that opens files.
// In: a path (`-` is standard input). Out: a Source, or the reason why there is none. Only regular files are read, and
// pipes that the user has named on the command line. Elsewhere: what the bytes are (text/source.ts), which files to read (cli/, config/).

import { messageOf } from "../base/mod.ts";
import { readRegularFile } from "../files/mod.ts";
import { isNamedPipe, readPipe } from "./text/pipes.ts";
import { decodeSource, MAX_SOURCE_BYTES, type SourceResult } from "./text/source.ts";

/** What goes wrong is the caller's to report: the result says it in one clause. */
export function readSource(path: string): SourceResult {
  if (isNamedPipe(path)) {
    try {
      return decodeSource(path, readPipe(path, MAX_SOURCE_BYTES + 1));
    } catch (error) {
      return { path, reason: messageOf(error) };
    }
  }
  const read = readRegularFile(path, MAX_SOURCE_BYTES);
  if ("bytes" in read) return decodeSource(path, read.bytes);
  const { reason, hint } = read.problem;
  return { path, reason, ...(hint === undefined ? {} : { hint }) };
}
