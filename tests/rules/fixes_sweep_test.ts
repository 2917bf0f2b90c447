// Fixes of whole files, each golden case alone: a file gets no new faulty rule, a second run changes nothing, and line ends and
// comments stay. So do the files that the project was given as examples of mistakes, where they are there.

import { equal, ok } from "node:assert/strict";
import { fixFiles, type WhichFixes } from "../../cli/commands/fix_files.ts";
import { hasErrors, loadRules, makeSource } from "../../rules/mod.ts";

const GOLDEN = ["diagnostics", "lint"].map((stage) => new URL(`../golden/rules/${stage}/`, import.meta.url));
const HANDED = ["rule_author", "rules_files"].map((folder) =>
  new URL(`../../../shared/handout/${folder}/`, import.meta.url)
);

function exists(folder: URL): boolean {
  try {
    return Deno.statSync(folder).isDirectory;
  } catch {
    return false;
  }
}

/** The text after `falco check --fix`, and after another one. */
function fixed(text: string, which: WhichFixes): { once: string; twice: string } {
  const path = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeTextFileSync(path, text);
    fixFiles([path], {}, which);
    const once = Deno.readTextFileSync(path);
    fixFiles([path], {}, which);
    return { once, twice: Deno.readTextFileSync(path) };
  } finally {
    Deno.removeSync(path);
  }
}

function stateOf(text: string) {
  const { diagnostics, faulty } = loadRules([makeSource("f.yaml", text)], {});
  return { isFaulty: hasErrors(diagnostics), faulty: new Set(faulty.map(({ name }) => name)) };
}

const comments = (text: string) => text.match(/(?:^|\s)#.*$/gm)?.length ?? 0;

for (const folder of [...GOLDEN, ...HANDED]) {
  if (!exists(folder)) continue;
  const name = folder.pathname.split("/").at(-2);
  for (const which of ["safe", "all"] as const) {
    Deno.test(`--fix=${which} of ${name}: no new faulty rule, stable, line ends and comments kept`, () => {
      for (const file of [...Deno.readDirSync(folder)].filter(({ name }) => name.endsWith(".yaml"))) {
        const text = Deno.readTextFileSync(new URL(file.name, folder));
        // several files in one, and depths that take their time
        if (/^#===/m.test(text) || /deep|explosion/.test(file.name)) continue;
        const { once, twice } = fixed(text, which);
        equal(twice, once, `${file.name}: a second run changes it`);
        const before = stateOf(text), after = stateOf(once);
        const newly = [...after.faulty].filter((rule) => !before.faulty.has(rule));
        if (!before.isFaulty) equal(after.isFaulty, false, `${file.name} has an error now`);
        ok(newly.length === 0 || before.isFaulty, `${file.name}: ${newly.join(", ")}`);
        equal(comments(once), comments(text), `${file.name}: comments`);
        if (text.includes("\r")) continue;
        const windows = fixed(text.replaceAll("\n", "\r\n"), which).once;
        equal(windows.replaceAll("\r\n", "\n"), once, `${file.name}: with line ends of Windows`);
        equal(/(?<!\r)\n/.test(windows), false, `${file.name}: line ends`);
      }
    });
  }
}
