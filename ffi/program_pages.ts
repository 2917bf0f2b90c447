// Pages of the program's own file that the start has read: a third of the runtime's code, and the constants from which it
// makes its JavaScript heap. They stay in the page cache, and what is called again is mapped again, at a microsecond for
// 64 KiB; but as long as they are mapped they count as this process's memory.
// In: nothing. Out: nothing. Pages that differ from the file are left alone.

import { libc } from "./libc.ts";

const MADV_DONTNEED = 4;
/** Each mapping has this line once. */
const ANONYMOUS = "\nAnonymous:";

/** Found once: to list them the kernel looks at each page of the process, and after the loader nobody writes to them. */
let ranges: readonly Range[] | undefined;

/** @returns how many bytes of the address space were let go */
export function releaseProgramPages(): number {
  ranges ??= unchangedMappings(
    Deno.readTextFileSync("/proc/self/smaps"),
    Deno.readLinkSync("/proc/self/exe"),
  );
  let bytes = 0;
  for (const { from, to } of ranges) {
    const length = to - from;
    if (libc().madvise(Deno.UnsafePointer.create(from), length, MADV_DONTNEED) === 0) bytes += Number(length);
  }
  return bytes;
}

interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** Of a file: what is mapped read-only, without a page that was written to before that (relocations). */
export function unchangedMappings(smaps: string, file: string): Range[] {
  const found: Range[] = [];
  // of some thousand lines few are about the file
  for (let at = smaps.indexOf(file); at >= 0; at = smaps.indexOf(file, at + 1)) {
    const line = smaps.slice(smaps.lastIndexOf("\n", at) + 1, smaps.indexOf("\n", at));
    const head = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \d+ +(.*)$/.exec(line);
    if (head === null || head[3] !== file) continue;
    const anonymousAt = smaps.indexOf(ANONYMOUS, at) + ANONYMOUS.length;
    if (smaps.slice(anonymousAt, smaps.indexOf("\n", anonymousAt)).trim() === "0 kB") {
      found.push({ from: BigInt(`0x${head[1]}`), to: BigInt(`0x${head[2]}`) });
    }
  }
  return found;
}
