// The extension for VS Code as it is shipped: complete, loadable, with what package.json promises.

import assert from "node:assert/strict";
import { createRequire, Module } from "node:module";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { VERSION } from "../../base/mod.ts";
import { makeVsix } from "../../scripts/vsix.ts";

const folder = Deno.makeTempDirSync();
const output = join(folder, "falco-rules.vsix");
await makeVsix(output);
const archive = Deno.readFileSync(output);
const files = unzipSync(archive);
const text = (name: string) => new TextDecoder().decode(files[name]);
const about = JSON.parse(text("extension/package.json"));

Deno.test("vsix: the same inputs give the same bytes", async () => {
  await makeVsix(output);
  assert.deepEqual(Deno.readFileSync(output), archive);
});

Deno.test("vsix: every file that package.json and the manifest name is there", () => {
  assert.equal(about.version, VERSION);
  const { grammars, yamlValidation } = about.contributes;
  const named = [
    about.main,
    ...grammars.map(({ path }: { path: string }) => path),
    ...yamlValidation.map(({ url }: { url: string }) => url),
  ];
  for (const path of named) assert.ok(files[`extension/${path.replace("./", "")}`], path);
  for (const [, path = ""] of text("extension.vsixmanifest").matchAll(/Path="([^"]+)"/g)) {
    assert.ok(files[path], path);
  }
  for (const name of Object.keys(files)) assert.ok(files[name]!.length > 0, name);
});

Deno.test("vsix: the grammar's expressions are sound and find the parts of a condition", () => {
  const grammar = JSON.parse(text("extension/falco.tmLanguage.json"));
  const { condition, check, placeholder } = grammar.repository;
  assert.ok(new RegExp(condition.begin).test("  condition: >"));
  assert.ok(new RegExp(condition.end).test("  output: x"));
  const found = (line: string, patterns: { match: string; name?: string }[]) =>
    patterns.filter(({ match }) => new RegExp(match).test(line)).map(({ name }) => name?.split(".")[0]);
  assert.deepEqual(found("proc.name startswith x", check.patterns), ["keyword", "variable"]);
  assert.equal(found("%proc.name", placeholder.patterns).length, 1);
});

Deno.test("vsix: the extension loads where the editor is the only module that it is given", () => {
  const path = join(folder, "extension.cjs");
  Deno.writeFileSync(path, files["extension/extension.js"]!);
  const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
  const load = loader._load;
  // classes that the client extends, and words that it reads
  const editor = new Proxy({ version: "1.100.0" } as Record<string, unknown>, {
    get: (known, name) => known[String(name)] ?? class {},
  });
  loader._load = (request, ...rest) => request === "vscode" ? editor : load.call(loader, request, ...rest);
  try {
    const extension = createRequire(import.meta.url)(path);
    assert.deepEqual(Object.keys(extension), ["activate", "deactivate"]);
  } finally {
    loader._load = load;
    Deno.removeSync(folder, { recursive: true });
  }
});
