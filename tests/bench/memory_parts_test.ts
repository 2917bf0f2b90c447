import assert from "node:assert/strict";
import { memoryParts } from "../../bench/memory_parts.ts";

const mapping = (range: string, access: string, name: string, residentKb: number, anonymousKb: number) =>
  `${range} ${access} 00000000 fe:00 42 ${name}\nRss: ${residentKb} kB\nAnonymous: ${anonymousKb} kB`;

Deno.test("each mapping of a process belongs to one part, and the parts make up the whole", () => {
  const parts = memoryParts([
    mapping("400000-500000", "r-xp", "/opt/falco", 10, 0),
    mapping("500000-600000", "r--p", "/opt/falco", 20, 0),
    mapping("600000-700000", "r-xp", "/lib/libc.so.6", 30, 0),
    mapping("800000-900000", "rw-p", "[heap]", 40, 40),
    mapping("100000000-100040000", "rw-p", "", 50, 50), // an arena
    mapping("7f0000040000-7f0000080000", "rw-p", "", 60, 60), // a page of V8
    mapping("7f0000080000-7f0000081000", "rw-p", "", 70, 70),
    mapping("7e0000001000-7e0010001000", "rw-p", "", 80, 80), // 256 MiB
    mapping("7d0000000000-7d0000001000", "r--s", "anon_inode:bpf-map", 90, 0),
  ].join("\n"));
  const byName = Object.fromEntries(
    parts.map((
      { name, residentBytes, anonymousBytes },
    ) => [name, [residentBytes / 1024, anonymousBytes / 1024]]),
  );
  assert.deepEqual(byName, {
    "program: code": [10, 0],
    "program: constants": [20, 0],
    libraries: [30, 0],
    "allocator (malloc)": [90, 90],
    "JavaScript heaps (V8)": [60, 60],
    "stacks and other": [70, 70],
    "matcher (WebAssembly memory)": [80, 80],
    rings: [90, 0],
  });
});
