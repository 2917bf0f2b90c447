// The catalogue against the built matcher: a field without its extractor would make the rule module unloadable, and
// an extractor without its field is dead weight or a field that silently has no value.

import assert from "node:assert/strict";
import { FIELDS } from "../../schema/fields.ts";

const WASM = new URL("../../build/matcher.wasm", import.meta.url);

/** Everything else that the matcher exports is a primitive, a value of an alert, or for the engine. */
const EXTRACTOR = /^(container|evt|fd|fdlist|fs_path|group|proc|syscall|thread|user)_/;

function exported(): ReadonlySet<string> {
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Deno.readFileSync(WASM);
  } catch (cause) {
    throw new Error("Cannot read build/matcher.wasm: build it with `deno task build`", { cause });
  }
  const exports = WebAssembly.Module.exports(new WebAssembly.Module(bytes));
  return new Set(exports.filter(({ kind }) => kind === "function").map(({ name }) => name));
}

const inCatalogue = new Set(
  FIELDS.filter(({ fromJson }) => fromJson === undefined).flatMap(({ fn, fnNamed, fnWhole }) =>
    [fn, fnNamed, fnWhole].filter((name) => name !== undefined)
  ),
);

Deno.test("every extractor of the catalogue is exported by the matcher", () => {
  const exports = exported();
  assert.deepEqual([...inCatalogue].filter((fn) => !exports.has(fn)), []);
});

Deno.test("every extractor that the matcher exports is one of a field", () => {
  const extractors = [...exported()].filter((name) => EXTRACTOR.test(name));
  assert.ok(extractors.length > 150);
  assert.deepEqual(extractors.filter((fn) => !inCatalogue.has(fn)), []);
});
