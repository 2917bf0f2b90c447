import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FIELD_CLASSES } from "../../../schema/mod.ts";
import { bundle } from "../../../scripts/compile/bundle.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

async function withBundle(entry: string, root: string, body: (text: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    body(await bundle(root, entry, join(folder, "bundle.js")));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("classes keep their names in a bundle, functions are not named, and all of it is ASCII", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      join(root, "entry.ts"),
      `class LongName extends Error {}
      export function read() { const inner = () => /\u00e9/.test("\u00e9"); return [new LongName().constructor.name, LongName.name, inner()]; }
      export const isNamed = () => read.name === "read";`,
    );
    await withBundle("entry.ts", root, (text) => {
      const module = { exports: {} as { read(): unknown; isNamed(): boolean } };
      new Function("module", "exports", "require", text)(module, module.exports);
      deepEqual(module.exports.read(), ["LongName", "LongName", true]);
      equal(module.exports.isNamed(), false);
      equal(/[^\0-\x7f]/.test(text), false);
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("the engine's thread carries neither the catalogue of fields nor the compiler of rules", async () => {
  await withBundle("engine/worker.ts", ROOT, (text) => {
    for (const { summary } of FIELD_CLASSES) equal(text.includes(summary), false, summary);
    equal(text.includes("unreachable-exception"), false);
  });
});
