// Pages of the program's own file that the start has read: a third of the runtime's code, and the constants from which it
// makes its JavaScript heap. They stay in the page cache, and what is called again is mapped again, at a microsecond for
// 64 KiB; but as long as they are mapped they count as this process's memory.
// In: nothing. Out: nothing. Pages that differ from the file are left alone.

import { libc } from "./libc.ts";

const MADV_DONTNEED = 4;

/** @returns how many bytes of the address space were let go */
export function releaseProgramPages(): number {
  const program = Deno.readLinkSync("/proc/self/exe");
  let bytes = 0;
  for (const { from, to } of unchangedMappings(Deno.readTextFileSync("/proc/self/smaps"), program)) {
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
  const ranges: Range[] = [];
  let range: Range | undefined;
  for (const line of smaps.split("\n")) {
    const head = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \d+ +(.*)$/.exec(line);
    if (head !== null) {
      const isOurs = head[3] === file;
      range = isOurs ? { from: BigInt(`0x${head[1]}`), to: BigInt(`0x${head[2]}`) } : undefined;
    } else if (/^[0-9a-f]+-/.test(line)) range = undefined;
    else if (range !== undefined && /^Anonymous: +0 kB$/.test(line)) ranges.push(range);
  }
  return ranges;
}
