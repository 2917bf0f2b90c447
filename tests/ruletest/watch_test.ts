// `falco test --watch`: runs again when a file changes, also when its only test file is away for a moment.

import assert from "node:assert/strict";
import { join } from "node:path";
import { RULES } from "./test_folder.ts";
import { falcoCommand } from "../support/program.ts";

const TESTS = `
cases:
  - name: opened
    process: nginx
    events: [openat /etc/shadow read]
    expect: {rule: Shadow read}
`;

Deno.test("--watch runs again when a file has changed, and goes on when the last test file has gone", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "r.test.yaml");
  await Deno.writeTextFile(join(folder, "r.yaml"), RULES);
  await Deno.writeTextFile(path, TESTS);
  /** In one step, so that it is one change. */
  const save = async (text: string) => {
    await Deno.writeTextFile(join(folder, "next"), text);
    await Deno.rename(join(folder, "next"), path);
  };
  const process = falcoCommand(["test", "--watch", folder], {
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [said, warned] = [linesOf(process.stdout), linesOf(process.stderr)];
  try {
    await until(said, /1 passed/);
    await until(warned, /watching for changes/);
    await save(TESTS.replace("{rule: Shadow read}", "nothing"));
    await until(said, /1 failed/);
    await until(warned, /watching for changes/);
    await Deno.rename(path, join(folder, "away"));
    await until(warned, /there is no \*\.test\.yaml file/);
    await until(warned, /watching for changes/);
    await save(TESTS);
    await until(said, /1 passed/);
  } finally {
    process.kill("SIGTERM");
    await process.status;
    await Promise.all([said.cancel(), warned.cancel()]);
    await Deno.remove(folder, { recursive: true });
  }
});

type Lines = ReadableStreamDefaultReader<string>;

function linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Lines {
  let rest = "";
  return stream.pipeThrough(new TextDecoderStream()).pipeThrough(
    new TransformStream<string, string>({
      transform(text, lines) {
        const parts = (rest + text).split("\n");
        rest = parts.pop()!;
        for (const part of parts) lines.enqueue(part);
      },
    }),
  ).getReader();
}

/** The next line that matches; those before it have been read. */
async function until(lines: Lines, pattern: RegExp): Promise<void> {
  const seen: string[] = [];
  for (;;) {
    const { value, done } = await lines.read();
    assert(!done, `ended without ${pattern}: ${seen.join("\n")}`);
    if (pattern.test(value)) return;
    seen.push(value);
  }
}
