import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkImport, checkPackages } from "../../scripts/check_packages.ts";
import { findCircles } from "../../scripts/packages/circles.ts";
import { findImports } from "../../scripts/packages/imports.ts";
import { LAYERS, PACKAGES } from "../../scripts/packages/tables.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function verdictOn(file: string, specifier: string): string | undefined {
  return checkImport(ROOT, join(ROOT, file), { specifier, line: 1 }, new Set(["yaml"])).reason;
}

Deno.test("the project's own imports keep to the tables, go through doors, and every permission is used", () => {
  deepEqual(checkPackages(ROOT), []);
});

Deno.test("the table is the one in docs/architecture.md", () => {
  const text = Deno.readTextFileSync(join(ROOT, "docs/architecture.md"));
  const section = text.split("\n## ").find((part) => part.startsWith("Packages\n")) ?? "";
  const documented = new Map<string, string>();
  for (
    const [, name = "", imports = ""] of section.matchAll(/^\| \[?`([a-z_.]+)\/?`.* \|.*\| ([^|]*) \|$/gm)
  ) {
    documented.set(name, imports);
  }
  deepEqual([...documented.keys()].sort(), Object.keys(PACKAGES).sort());
  for (const [name, allowed] of Object.entries(PACKAGES)) {
    const cell = documented.get(name) ?? "";
    const words = cell.replace("generated schema", "").match(/[a-z]+/g) ?? [];
    deepEqual(words.filter((word) => word in PACKAGES).sort(), [...allowed].sort(), name);
  }
});

Deno.test("an import that a table does not allow is refused with a reason", () => {
  match(verdictOn("rules/a.ts", "../engine/mod.ts") ?? "", /^rules may import base, files, schema$/);
  match(verdictOn("schema/a.ts", "../rules/mod.ts") ?? "", /^schema may import no other package$/);
  match(verdictOn("main.ts", "./service/b.ts") ?? "", /^main\.ts may import assets, cli, ffi$/);
  match(verdictOn("cli/a.ts", "../assembly/index.ts") ?? "", /cli may import/);
  match(verdictOn("tests/a.ts", "../assembly/index.ts") ?? "", /nothing may import assembly/);
  match(verdictOn("rules/a.ts", "../../elsewhere/b.ts") ?? "", /leaves the project/);
  match(verdictOn("rules/a.ts", "npm:yaml") ?? "", /deno\.json/);
  match(verdictOn("rules/a.ts", "yaml-like") ?? "", /deno\.json/);
  match(
    verdictOn("rules/yaml/a.ts", "../check/b.ts") ?? "",
    /^rules\/yaml may import diagnostics, findings, text$/,
  );
});

Deno.test("a package is entered through a door only, its own or that of a folder", () => {
  match(verdictOn("rules/a.ts", "../schema/fields.ts") ?? "", /^schema\/ is entered through its mod\.ts$/);
  equal(verdictOn("rules/a.ts", "../schema/mod.ts"), undefined);
  equal(verdictOn("engine/a.ts", "../sources/live/mod.ts"), undefined);
  equal(verdictOn("main.ts", "./cli/program.ts"), undefined, "the start loads what it needs");
  equal(verdictOn("tests/rules/a_test.ts", "../../engine/b.ts"), undefined, "tests look inside");
});

Deno.test("an import that the tables allow passes", () => {
  for (
    const [file, specifier] of [
      ["rules/a.ts", "./b.ts"],
      ["rules/deep/a.ts", "../../schema/mod.ts"],
      ["rules/check/a.ts", "../text/b.ts"],
      ["rules/mod.ts", "./emit/b.ts"],
      ["rules/a.ts", "yaml"],
      ["rules/a.ts", "yaml/part"],
      ["rules/a.ts", "node:path"],
      ["assembly/state/thread.ts", "../strings/view"],
    ] as const
  ) equal(verdictOn(file, specifier), undefined, `${file} → ${specifier}`);
});

Deno.test("the layers of a package are folders of it", () => {
  for (const [name, layers] of Object.entries(LAYERS)) {
    for (const layer of Object.keys(layers)) {
      equal(Deno.statSync(join(ROOT, name, layer)).isDirectory, true, `${name}/${layer}`);
    }
  }
});

Deno.test("imports of every form are found, those in comments are not", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { B,\n  C } from "./b.ts";',
    'export * from "./c.ts";',
    'import "./d.ts";',
    'const e = await import("./e.ts");',
    'new Worker(new URL("./f.ts", import.meta.url));',
    '// import { x } from "./x.ts";',
    '/*\n import { y } from "./y.ts";\n*/',
    'new URL("..", import.meta.url);',
  ].join("\n");
  deepEqual(findImports("m.ts", text).map(({ specifier, line }) => [specifier, line]), [
    ["./a.ts", 1],
    ["./b.ts", 3],
    ["./c.ts", 4],
    ["./d.ts", 5],
    ["./e.ts", 6],
    ["./f.ts", 7],
  ]);
  deepEqual(
    findImports("p.bpf.c", '#include <bpf/bpf_helpers.h>\n#include "generated/events.h"\n').map((f) =>
      f.specifier
    ),
    ["./generated/events.h"],
  );
});

Deno.test("files that import each other in a circle are found, with no others", () => {
  const graph = new Map([
    ["a.ts", ["b.ts"]],
    ["b.ts", ["c.ts", "d.ts"]],
    ["c.ts", ["a.ts"]],
    ["d.ts", ["e.ts", "missing.ts"]],
    ["e.ts", []],
    ["f.ts", ["a.ts", "g.ts"]],
    ["g.ts", ["f.ts"]],
  ]);
  deepEqual(findCircles(graph).toSorted(), [["a.ts", "b.ts", "c.ts"], ["f.ts", "g.ts"]]);
});
