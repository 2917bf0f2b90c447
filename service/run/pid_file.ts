// The file that holds the process id while the program runs.
// In: its path. Out: the file; a function that takes it away again.
// Elsewhere: what is no file for us (ffi/own_file.ts).

import { messageOf } from "../../base/mod.ts";
import { openOwnFileSync, OwnFileError } from "../../ffi/mod.ts";

/** Anyone who stops or reloads falco by it has to read it. */
const MODE = 0o644;

export function writePidFile(path: string): () => void {
  let written: Deno.FileInfo;
  try {
    using file = openOwnFileSync(path, { how: "truncate", mode: MODE });
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
    written = file.statSync();
  } catch (error) {
    const reason = error instanceof OwnFileError ? error.reason : messageOf(error);
    throw new Error(
      `Cannot write the process id to ${path}: ${reason}\n  remedy: name a file in a folder that exists and can be written`,
    );
  }
  return () => {
    try {
      // another falco may have been told to use it meanwhile: it would have written other bytes into this file
      const now = Deno.lstatSync(path);
      if (now.dev === written.dev && now.ino === written.ino && isOurs(path)) Deno.removeSync(path);
    } catch {
      // someone else has removed it
    }
  };
}

function isOurs(path: string): boolean {
  using file = openOwnFileSync(path, { how: "read", mode: 0 });
  const bytes = new Uint8Array(32);
  const length = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length)) === `${Deno.pid}\n`;
}
