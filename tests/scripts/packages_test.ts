import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkImport, checkRooms, ROOMS } from "../../scripts/check_packages.ts";
import { findCircles } from "../../scripts/packages/circles.ts";
import { findImports } from "../../scripts/packages/imports.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function verdictOn(file: string, specifier: string): string | undefined {
  return checkImport(ROOT, join(ROOT, file), { specifier, line: 1 }, new Set(["yaml"]));
}

Deno.test("the project's own imports keep to the table of rooms", () => {
  deepEqual(checkRooms(ROOT), []);
});

Deno.test("the table is the one in docs/architecture.md", () => {
  const text = Deno.readTextFileSync(join(ROOT, "docs/architecture.md"));
  const section = text.split("\n## ").find((part) => part.startsWith("Packages\n")) ?? "";
  const documented = new Map<string, string>();
  for (
    const [, room = "", imports = ""] of section.matchAll(/^\| \[?`([a-z_.]+)\/?`.* \|.*\| ([^|]*) \|$/gm)
  ) {
    documented.set(room, imports);
  }
  deepEqual([...documented.keys()].sort(), Object.keys(ROOMS).sort());
  for (const [room, allowed] of Object.entries(ROOMS)) {
    const cell = documented.get(room) ?? "";
    const words = cell.replace("generated schema", "").match(/[a-z]+/g) ?? [];
    deepEqual(words.filter((word) => word in ROOMS).sort(), [...allowed].sort(), room);
  }
});

Deno.test("an import that the table does not allow is refused with a reason", () => {
  match(verdictOn("rules/a.ts", "../engine/b.ts") ?? "", /^rules may import files, schema$/);
  match(verdictOn("schema/a.ts", "../rules/b.ts") ?? "", /^schema may import no other room$/);
  match(verdictOn("main.ts", "./service/b.ts") ?? "", /^main\.ts may import assets, cli, ffi$/);
  match(verdictOn("cli/a.ts", "../assembly/index.ts") ?? "", /cli may import/);
  match(verdictOn("tests/a.ts", "../assembly/index.ts") ?? "", /nothing may import assembly/);
  match(verdictOn("rules/a.ts", "../../elsewhere/b.ts") ?? "", /leaves the project/);
  match(verdictOn("rules/a.ts", "npm:yaml") ?? "", /deno\.json/);
  match(verdictOn("rules/a.ts", "yaml-like") ?? "", /deno\.json/);
});

Deno.test("an import that the table allows passes", () => {
  for (
    const [file, specifier] of [
      ["rules/a.ts", "./b.ts"],
      ["rules/deep/a.ts", "../../schema/b.ts"],
      ["rules/a.ts", "yaml"],
      ["rules/a.ts", "yaml/part"],
      ["rules/a.ts", "node:path"],
      ["main.ts", "./cli/program.ts"],
      ["tests/rules/a_test.ts", "../../engine/b.ts"],
      ["assembly/state/thread.ts", "../strings/view"],
    ] as const
  ) equal(verdictOn(file, specifier), undefined, `${file} → ${specifier}`);
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
