// `falco fmt` as its users call it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { falco, falcoReading } from "../falco_command.ts";

const BEFORE = "- list:   a\r\n  items: [ b ]\r\n- list: c\r\n  items: [d]\r\n";
const AFTER = "- list: a\n  items: [b]\n\n- list: c\n  items: [d]\n";

function withFile(text: string): { folder: string; path: string } {
  const folder = Deno.makeTempDirSync();
  const path = join(folder, "rules.yaml");
  Deno.writeTextFileSync(path, text);
  return { folder, path };
}

Deno.test("fmt writes files that differ, names them, and leaves their mode", async () => {
  const { folder, path } = withFile(BEFORE);
  Deno.chmodSync(path, 0o640);
  const { code, stdout } = await falco("fmt", folder);
  assert.deepEqual([code, stdout], [0, `${path}\n`]);
  assert.equal(Deno.readTextFileSync(path), AFTER);
  assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
  assert.equal((await falco("fmt", folder)).stdout, "");
});

Deno.test("fmt --check and --diff write nothing", async () => {
  const { folder, path } = withFile(BEFORE);
  const check = await falco("fmt", "--check", folder);
  assert.deepEqual([check.code, check.stdout], [1, `${path}\n`]);
  const diff = await falco("fmt", "--diff", path);
  assert.equal(diff.code, 0);
  assert.match(diff.stdout, /^--- .*rules\.yaml\n\+\+\+ .*rules\.yaml\n@@/);
  assert.match(diff.stdout, /^\+- list: a$/m);
  assert.equal(Deno.readTextFileSync(path), BEFORE);
  Deno.writeTextFileSync(path, AFTER);
  assert.equal((await falco("fmt", "--check", folder)).code, 0);
});

Deno.test("fmt - reads standard input and writes standard output", async () => {
  const { code, stdout } = await falcoReading(BEFORE, "fmt", "-");
  assert.deepEqual([code, stdout], [0, AFTER]);
});

Deno.test("fmt leaves what is no YAML alone and says why", async () => {
  const { path } = withFile("- [a\n");
  const { code, stderr } = await falco("fmt", path);
  assert.equal(code, 1);
  assert.match(stderr, /yaml-syntax/);
  assert.equal(Deno.readTextFileSync(path), "- [a\n");
  assert.equal((await falco("fmt")).code, 2);
});

Deno.test("fmt shows what a pipe holds instead of writing to it, and reads it once", async () => {
  const written = await falcoReading(BEFORE, "fmt", "/dev/stdin");
  assert.deepEqual([written.code, written.stdout], [0, AFTER]);
  const fifo = join(Deno.makeTempDirSync(), "rules.yaml");
  assert.ok(new Deno.Command("mkfifo", { args: [fifo] }).outputSync().success);
  const writing = Deno.writeTextFile(fifo, BEFORE);
  const diff = await falco("fmt", "--diff", fifo);
  await writing;
  assert.equal(diff.code, 0);
  assert.match(diff.stdout, /^\+- list: a$/m);
});
