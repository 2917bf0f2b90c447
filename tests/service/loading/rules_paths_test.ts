import { deepEqual, match } from "node:assert/strict";
import { basename, join } from "node:path";
import { rulesPaths } from "../../../service/loading/rules_paths.ts";

Deno.test("a folder stands for its .yml and .yaml files, sorted, without tests of rules; other paths keep their order, and what is no file is reported later", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["b.yaml", "a.yml", "B.yaml", "note.txt", "c.yaml.bak", "b.test.yaml"]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    await Deno.mkdir(join(folder, "d.yaml"));
    deepEqual(
      rulesPaths(["/nowhere/z.yaml", folder, "-"]).map((path) => basename(path)),
      ["z.yaml", "B.yaml", "a.yml", "b.yaml", "d.yaml", "-"],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("without any path the bundled rules are loaded", () => {
  const paths = rulesPaths([]);
  deepEqual(paths.length, 1);
  match(paths[0] ?? "", /\/rules\/bundled\/falco_rules\.yaml$/);
});
