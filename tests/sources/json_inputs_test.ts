// Files and files that are followed.

import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { type Chunk, inputFiles, readFiles } from "../../sources/json/file_input.ts";
import { tailFile } from "../../sources/json/tail_input.ts";

const decoder = new TextDecoder();
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function folder(run: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await run(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("files of a folder come in the order in which they were changed; folders within are left out", async () => {
  await folder(async (path) => {
    for (const [name, seconds] of [["b", 1], ["a", 2], ["c", 3]] as const) {
      await Deno.writeTextFile(join(path, name), name);
      await Deno.utime(join(path, name), seconds, seconds);
    }
    await Deno.mkdir(join(path, "inner"));
    deepEqual(await inputFiles(path), ["b", "a", "c"].map((name) => join(path, name)));
    const chunks: string[] = [];
    for await (const chunk of readFiles(path, new AbortController().signal)) {
      chunks.push(chunk === "end of file" ? "|" : decoder.decode(chunk));
    }
    equal(chunks.join(""), "b|a|c|");
  });
});

Deno.test("a file that is followed: from its end, through renaming, truncation and a time without it", async () => {
  await folder(async (path) => {
    const file = join(path, "audit.log");
    await Deno.writeTextFile(file, "old\n");
    const abort = new AbortController();
    let seen = "";
    const reading = (async () => {
      for await (const chunk of tailFile(file, { fromStart: false, signal: abort.signal })) {
        seen += shown(chunk);
      }
    })();
    const append = (text: string) => Deno.writeTextFile(file, text, { append: true });
    const until = async (text: string) => {
      for (let i = 0; i < 100 && seen !== text; i++) await wait(20);
      equal(seen, text);
    };
    await wait(150);
    await append("one\n");
    await until("one\n");
    // the old file gets a last line after it was renamed
    await Deno.rename(file, `${file}.1`);
    await Deno.writeTextFile(`${file}.1`, "late\n", { append: true });
    await append("two\n");
    await until("one\nlate\n|two\n");
    await Deno.truncate(file);
    await wait(300);
    await append("3\n");
    await until("one\nlate\n|two\n|3\n");
    await Deno.remove(file);
    await wait(150);
    await append("four\n");
    await until("one\nlate\n|two\n|3\n|four\n");
    abort.abort();
    await reading;
  });
});

function shown(chunk: Chunk): string {
  return chunk === "end of file" ? "|" : decoder.decode(chunk);
}
