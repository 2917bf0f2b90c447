// The language server in a real editor: Debian's Neovim, without a screen.

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FALCO } from "../support/program.ts";

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const RULES = `- macro: opened
  condition: evt.type in (open, openat)
- rule: A
  desc: d
  condition: opened and proc.name = x and proc.nam = y
  tags:   [ a ]
  output: o
  priority: WARNING
`;

const { success: hasNeovim } = new Deno.Command("sh", { args: ["-c", "command -v nvim"], stdout: "null" })
  .outputSync();

Deno.test({
  name: `Neovim shows diagnostics, hovers, completions, definitions and formats${
    hasNeovim ? "" : " (there is no nvim)"
  }`,
  ignore: !hasNeovim,
  fn() {
    const folder = Deno.makeTempDirSync();
    const file = join(folder, "rules.yaml");
    Deno.writeTextFileSync(file, RULES);
    const { stderr } = new Deno.Command("nvim", {
      args: ["--headless", "-u", "NONE", "-n", "-c", `luafile ${here("neovim.lua")}`],
      env: {
        FALCO_COMMAND: JSON.stringify([...FALCO, "lsp"]),
        FALCO_FILE: file,
        // not HOME: the runtime would fetch all packages again
        XDG_DATA_HOME: folder,
        XDG_STATE_HOME: folder,
      },
      stdin: "null",
    }).outputSync();
    const said = new TextDecoder().decode(stderr);
    const line = said.split(/\r?\n/).find((each) => each.startsWith("{"));
    assert.ok(line, said);
    const found = JSON.parse(line);
    assert.equal(found.failed, undefined);
    assert.match(found.diagnostics.join("\n"), /there is no field `proc\.nam`/);
    assert.match(found.hover, /\*\*proc\.name\*\*/);
    assert.ok(found.completion.includes("proc.name"));
    assert.equal(found.definition, 0);
    assert.equal(
      found.text,
      RULES.replace("- rule", "\n- rule").replace("  [ a ]", " [a]").replace("tags:  ", "tags: ").replace(
        "output: o",
        "output: changed",
      ).trimEnd(),
    );
    Deno.removeSync(folder, { recursive: true });
  },
});
