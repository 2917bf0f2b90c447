import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { generate } from "../../schema/generate.ts";
import { writeGenerated } from "../../schema/write.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

Deno.test("the generated files are what the schema says", async () => {
  assert.deepEqual(await writeGenerated(root, true), []);
});

Deno.test("every generated file says that it is generated", () => {
  for (const [path, content] of generate()) {
    assert.ok(content.startsWith("// Generated from schema/ by scripts/compile.ts; do not edit"), path);
    assert.ok(content.endsWith("\n"), path);
  }
});

Deno.test("writeGenerated writes what is missing, once", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const paths = [...generate().keys()];
    assert.deepEqual(await writeGenerated(directory, true), paths);
    assert.deepEqual(await writeGenerated(directory, false), paths);
    assert.deepEqual(await writeGenerated(directory, false), []);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
