// Writing into files of the user's: what stays, and what is refused.

import assert from "node:assert/strict";
import { join } from "node:path";
import { rewriteFile } from "../../../cli/commands/rewrite_file.ts";
import { makeSource } from "../../../rules/mod.ts";

const path = join(Deno.makeTempDirSync(), "a.yaml");

function written(before: string, text: string, ends: boolean): string {
  Deno.writeTextFileSync(path, before);
  assert.equal(rewriteFile(makeSource(path, before), text, ends), undefined);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Deno.readFileSync(path));
}

Deno.test("a shorter and a longer text take the place of the whole one", () => {
  assert.equal(written("abc\n", "a\n", false), "a\n");
  assert.equal(written("a\n", "abc\n", false), "abc\n");
});

Deno.test("line ends and the byte order mark stay where that is asked for", () => {
  assert.equal(written("\ufeffa\r\nb\r\n", "c\nb\n", true), "\ufeffc\r\nb\r\n");
  assert.equal(written("\ufeffa\r\nb\r\n", "c\nb\n", false), "c\nb\n");
});

Deno.test("a file that is another one than was read is left alone, with the reason", () => {
  const source = makeSource(path, "a\n");
  Deno.writeTextFileSync(path, "b\n");
  assert.match(rewriteFile(source, "c\n", false)!, /has changed it meanwhile/);
  assert.equal(Deno.readTextFileSync(path), "b\n");
  Deno.removeSync(path);
  assert.match(rewriteFile(source, "c\n", false)!, /no such file/);
  Deno.mkdirSync(path);
  assert.match(rewriteFile(source, "c\n", false)!, /directory/);
  Deno.removeSync(path);
});
