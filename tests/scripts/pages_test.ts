import { deepEqual, equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkReferences } from "../../scripts/check_references.ts";
import { PACKAGES } from "../../scripts/packages/tables.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OTHERS = ["bench", "deploy", "launcher", "packaging", "scripts", "tests"];
const JOURNEYS = [
  "an open, from the probe to standard output",
  "a rules file, from text to wasm",
  "a reload",
];

const read = (path: string) => Deno.readTextFileSync(join(ROOT, path));

Deno.test("pages: every file that a comment or a page names exists", () => {
  deepEqual(checkReferences(ROOT), []);
});

Deno.test("pages: the introductions stay short", () => {
  for (const path of ["README.md", "docs/architecture.md"]) {
    const lines = read(path).trimEnd().split("\n").length;
    ok(lines <= 120, `${path} has ${lines} lines`);
  }
});

Deno.test("pages: the README has the commands for a fresh machine", () => {
  const text = read("README.md");
  for (const command of ["npx -y deno@2.9.6 task start", "npx -y deno@2.9.6 task test"]) {
    ok(text.includes(`\n${command} `), command);
  }
});

Deno.test("pages: each package has a README of its contracts", () => {
  for (const name of [...Object.keys(PACKAGES).filter((name) => name !== "main.ts"), ...OTHERS]) {
    equal(read(`${name}/README.md`).startsWith(`# ${name}/`), true, name);
  }
});

Deno.test("pages: each journey is told in at most fifteen file names", () => {
  const sections = read("docs/architecture.md").split("\n## ").filter((text) => text.startsWith("Journey: "));
  deepEqual(sections.map((text) => text.split("\n")[0]), JOURNEYS.map((name) => `Journey: ${name}`));
  for (const section of sections) {
    const files = new Set([...section.matchAll(/`([\w/]+\.(?:ts|bpf\.h))`/g)].map(([, name]) => name));
    ok(files.size > 5 && files.size <= 15, `${section.split("\n")[0]}: ${files.size} files`);
  }
});
