// Reading of rules files: what becomes text, what becomes a reason, and places in it.

import assert from "node:assert/strict";
import { readSource } from "../../../rules/read_source.ts";
import { decodeSource, makeSource, positionAt } from "../../../rules/text/source.ts";
import { namePipes } from "../../../rules/text/pipes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function reason(result: ReturnType<typeof readSource>): string {
  assert.ok("reason" in result, "the file was read");
  return result.reason;
}

Deno.test("a byte order mark and carriage returns are not part of the text", () => {
  const result = decodeSource("a", bytes("\ufeffone\r\ntwo\rthree"));
  assert.ok("source" in result);
  assert.equal(result.source.text, "one\ntwo\nthree");
  assert.equal(makeSource("b", "\ufeffx\r\n").text, "x\n");
});

Deno.test("a file that is no text is refused with its reason", () => {
  assert.match(reason(decodeSource("a", Uint8Array.from([0x61, 0x0a, 0xff, 0xfe]))), /not UTF-8.*line 2/);
  assert.match(reason(decodeSource("a", bytes("a\0b"))), /NUL/);
  assert.match(reason(decodeSource("a", new Uint8Array((16 << 20) + 1))), /larger than 16 MiB/);
});

Deno.test("what cannot be read is told in one clause", () => {
  assert.match(reason(readSource("/nonexistent/rules.yaml")), /no such file/);
  assert.match(reason(readSource("/")), /directory/);
});

Deno.test("an endless file is refused, not read for ever", () => {
  assert.match(reason(readSource("/dev/zero")), /it is a character device/);
  namePipes(["/dev/fd/1", "/dev/zero"]);
  assert.match(reason(readSource("/dev/zero")), /it is a character device/);
});

Deno.test("a pipe that the command line names is read up to the bound, and kept for a reload", async () => {
  const folder = Deno.makeTempDirSync();
  const path = `${folder}/pipe`;
  await new Deno.Command("mkfifo", { args: [path] }).output();
  try {
    assert.match(reason(readSource(path)), /it is a FIFO/);
    namePipes([path]);
    const writer = new Deno.Command("sh", { args: ["-c", 'printf "a: b" > "$0"', path] }).spawn();
    const first = readSource(path);
    await writer.status;
    assert.ok("source" in first && first.source.text === "a: b");
    assert.deepEqual(readSource(path), first);
    const endless = `${folder}/endless`;
    await new Deno.Command("mkfifo", { args: [endless] }).output();
    namePipes([endless]);
    const zeros = new Deno.Command("sh", {
      args: ["-c", 'exec cat /dev/zero > "$0"', endless],
      stderr: "null",
    }).spawn();
    assert.match(reason(readSource(endless)), /larger than 16 MiB/);
    await zeros.status;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("offsets become lines and columns", () => {
  const source = makeSource("a", "one\n\nthree");
  const at = (offset: number) => Object.values(positionAt(source, offset)).join(":");
  assert.deepEqual([0, 2, 3, 4, 5, 9, 10].map(at), ["1:1", "1:3", "1:4", "2:1", "3:1", "3:5", "3:6"]);
  assert.deepEqual(positionAt(makeSource("b", ""), 0), { line: 1, column: 1 });
});
