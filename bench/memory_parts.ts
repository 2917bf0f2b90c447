// What the resident memory of a process consists of, part by part.
// In: the text of /proc/PID/smaps. Out: for each part its resident and its anonymous bytes.
// A part is told by the name of the mapping, or by where and how large it is: V8 takes its heap in pages of 256 KiB at
// multiples of their size, the C library its arenas at multiples of 64 MiB, and the matcher's memory is the only
// mapping of more than 64 MiB that is written to.

export interface Part {
  readonly name: string;
  readonly residentBytes: number;
  readonly anonymousBytes: number;
}

interface Mapping {
  readonly from: number;
  readonly bytes: number;
  readonly access: string;
  readonly name: string;
}

const V8_PAGE_BYTES = 256 << 10;
const ARENA_BYTES = 64 << 20;

export function memoryParts(smaps: string): Part[] {
  const parts = new Map<string, { resident: number; anonymous: number }>();
  let part = { resident: 0, anonymous: 0 };
  let program: string | undefined;
  for (const line of smaps.split("\n")) {
    const mapping = readMapping(line);
    if (mapping !== undefined) {
      // the first file that is executed is the program itself
      if (mapping.access.includes("x") && mapping.name.startsWith("/")) program ??= mapping.name;
      const name = nameOf(mapping, program);
      part = parts.get(name) ?? { resident: 0, anonymous: 0 };
      parts.set(name, part);
    } else if (line.startsWith("Rss:")) part.resident += kibibytes(line);
    else if (line.startsWith("Anonymous:")) part.anonymous += kibibytes(line);
  }
  return [...parts]
    .map(([name, { resident, anonymous }]) => ({ name, residentBytes: resident, anonymousBytes: anonymous }))
    .filter(({ residentBytes }) => residentBytes > 0)
    .sort((a, b) => b.residentBytes - a.residentBytes);
}

function readMapping(line: string): Mapping | undefined {
  const found = /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \d+ *(.*)$/.exec(line);
  if (found === null) return undefined;
  const from = parseInt(found[1]!, 16);
  return { from, bytes: parseInt(found[2]!, 16) - from, access: found[3]!, name: found[4]! };
}

function nameOf({ from, bytes, access, name }: Mapping, program: string | undefined): string {
  if (name.includes("bpf-map")) return "rings";
  if (name === "[heap]") return "allocator (malloc)";
  if (name.startsWith("[stack")) return "stacks and other";
  if (name.startsWith("/memfd")) return "files in memory";
  if (name.startsWith("/")) {
    // before the first executed part of it the program has its constants
    if (program !== undefined && name !== program) return "libraries";
    return access.includes("x")
      ? "program: code"
      : access.includes("w")
      ? "program: data"
      : "program: constants";
  }
  if (access.includes("x")) return "generated code";
  if (bytes > ARENA_BYTES) return "matcher (WebAssembly memory)";
  if (from % ARENA_BYTES === 0) return "allocator (malloc)";
  if (from % V8_PAGE_BYTES === 0 && bytes % V8_PAGE_BYTES === 0) return "JavaScript heaps (V8)";
  return "stacks and other";
}

function kibibytes(line: string): number {
  return Number(/(\d+) kB/.exec(line)?.[1] ?? 0) * 1024;
}
