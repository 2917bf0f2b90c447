import assert from "node:assert/strict";
import { releaseProgramPages, unchangedMappings } from "../../ffi/program_pages.ts";

const mapping = (range: string, access: string, file: string, anonymousKb: number) =>
  [
    `${range} ${access} 00001000 fe:00 42                   ${file}`,
    "Rss:                 100 kB",
    `Anonymous:        ${String(anonymousKb).padStart(8)} kB`,
    "VmFlags: rd ex mr mw me",
  ].join("\n");

Deno.test("only what is read-only, of the file itself, and as it is there, is let go", () => {
  const smaps = [
    mapping("1000-2000", "r--p", "/usr/bin/falco", 0),
    mapping("2000-5000", "r-xp", "/usr/bin/falco", 0),
    mapping("5000-6000", "r--p", "/usr/bin/falco", 4),
    mapping("6000-7000", "rw-p", "/usr/bin/falco", 0),
    mapping("7000-8000", "r-xp", "/usr/lib/libc.so.6", 0),
    mapping("8000-9000", "r--s", "/usr/bin/falco", 0),
    mapping("7f0000000000-7f0000001000", "r-xp", "/usr/bin/falco", 0),
  ].join("\n");
  assert.deepEqual(unchangedMappings(smaps, "/usr/bin/falco").map(({ from, to }) => [from, to]), [
    [0x1000n, 0x2000n],
    [0x2000n, 0x5000n],
    [0x7f0000000000n, 0x7f0000001000n],
  ]);
});

Deno.test("the program goes on after its pages were let go, and fewer count as its own", () => {
  const residentKb = () => Number(/^RssFile:\s*(\d+)/m.exec(Deno.readTextFileSync("/proc/self/status"))![1]);
  const before = residentKb();
  assert.ok(releaseProgramPages() > 1 << 20);
  assert.ok(residentKb() < before, `${residentKb()} of ${before} kB`);
});
