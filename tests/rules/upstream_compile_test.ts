// The upstream rules files through both halves of the compiler: valid modules of a bounded size.

import assert from "node:assert/strict";
import binaryen from "binaryen";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";
import { EVENTS } from "../../schema/events.ts";

const STABLE = "falco_rules.yaml";
const FILES = [STABLE, "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];

function upstream(name: string, run: () => void): void {
  const ignore = upstreamMissing !== undefined;
  Deno.test({ name: ignore ? `${name}: skipped, ${upstreamMissing}` : name, ignore, fn: run });
}

function compiled(files: readonly string[]) {
  const sources = files.map((file) => makeSource(file, Deno.readTextFileSync(upstreamRules(file))));
  const { checked, diagnostics } = loadRules(sources);
  assert.deepEqual(
    diagnostics.filter((finding) => finding.severity === "error").map((error) => error.message),
    [],
  );
  return { count: checked.length, ...compileRules(checked, { matching: "first" }) };
}

upstream("all upstream rules become a valid module of less than 256 KiB", () => {
  const { count, wasm, rules } = compiled(FILES);
  assert.equal(count, 93);
  assert.equal(rules.length, 93);
  assert.ok(wasm.length < 256 << 10, `${wasm.length} bytes`);
  const module = binaryen.readBinary(wasm);
  module.setFeatures(binaryen.Features.All);
  assert.equal(module.validate(), 1);
  module.dispose();
});

upstream("the stable rules look at few events, and at no call without an event of its own", () => {
  const { eventCodes, genericSyscalls } = compiled([STABLE]);
  const names = new Set(eventCodes.map((code) => EVENTS[code]!.name));
  for (const name of ["execve", "openat", "connect", "ptrace", "symlinkat"]) assert.ok(names.has(name), name);
  for (const name of ["read", "write", "mmap", "futex", "procexit"]) assert.ok(!names.has(name), name);
  assert.deepEqual([...genericSyscalls ?? [-1]], []);
});
