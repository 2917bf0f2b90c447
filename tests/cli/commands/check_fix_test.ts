// `falco check --fix` as its users call it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { falco, falcoReading } from "../falco_command.ts";

const BEFORE = `- macro: opened # with a comment
  condition: evt.type in (open, openat, openat2)
- rule: A
  desc: d
  condition: opened && fd.nam regex /etc/.*
  output: o
  priority: WARNING
- rule: A
  append: true
  condition: and proc.name = x
`;

function fileWith(text: string): string {
  const path = join(Deno.makeTempDirSync(), "rules.yaml");
  Deno.writeTextFileSync(path, text);
  return path;
}

Deno.test("check --fix writes what is safe, keeps the rest, and tells of what is left", async () => {
  const path = fileWith(BEFORE.replaceAll("\n", "\r\n"));
  const { code, stdout, stderr } = await falco("check", "--fix", path);
  assert.equal(code, 1);
  assert.match(stderr, /fixed 2 findings in .*rules\.yaml/);
  assert.match(stdout, /there is no field `fd\.nam`/);
  const text = BEFORE.replace("&&", "and").replace("append: true", "override: {condition: append}");
  assert.equal(Deno.readTextFileSync(path), text.replaceAll("\n", "\r\n"));
});

Deno.test("check --fix=all writes guesses as well, round after round", async () => {
  const path = fileWith(BEFORE);
  const { code, stdout } = await falco("check", "--fix=all", path);
  assert.deepEqual([code, stdout.includes("error[")], [0, false]);
  const text = Deno.readTextFileSync(path);
  assert.match(text, /condition: opened and fd\.name startswith \/etc\//);
  assert.match(text, /# with a comment/);
});

Deno.test("check --fix refuses standard input and words that it does not know", async () => {
  for (const pipe of ["-", "/dev/stdin"]) {
    assert.equal((await falcoReading(BEFORE, "check", "--fix", pipe)).code, 2);
  }
  assert.equal((await falco("check", "--fix=some", "x.yaml")).code, 2);
});

Deno.test("check --fix writes nothing where there is nothing to fix", async () => {
  const path = fileWith("- list: a\n  items: [b]\n");
  const { mtime } = Deno.statSync(path);
  assert.equal((await falco("check", "--fix", path)).code, 0);
  assert.deepEqual(Deno.statSync(path).mtime, mtime);
});

Deno.test("check --fix leaves the byte order mark and the mode of a file, and the link that leads to it", async () => {
  const path = fileWith(`\ufeff${BEFORE}`);
  Deno.chmodSync(path, 0o640);
  const link = `${path}.link.yaml`;
  Deno.symlinkSync(path, link);
  await falco("check", "--fix", link);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Deno.readFileSync(path));
  assert.match(text, /^\ufeff- macro: opened/);
  assert.match(text, /opened and fd\.nam/);
  assert.ok(Deno.lstatSync(link).isSymlink);
  assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
});
