// The executable's `require`: what stands for a module of the runtime until it is needed.

import assert from "node:assert/strict";

interface Stream {
  new (): { readable?: boolean };
  Readable: new () => { readable: boolean };
  default?: unknown;
}

const TEXT = Deno.readTextFileSync(new URL("../../launcher/require.js", import.meta.url));

/** Its `require`, and the names that the runtime has been asked for. */
function loader(): { require: (name: string) => Record<string, unknown>; asked: string[] } {
  const asked: string[] = [];
  const process = {
    getBuiltinModule: (name: string) => {
      asked.push(name);
      return globalThis.process.getBuiltinModule(name);
    },
  };
  const make = new Function("globalThis", `${TEXT}\nreturn requireWhenNeeded;`);
  return { require: make({ process }), asked };
}

/** What bundles make of `import * as fs from "node:fs"`. */
function whole(module: object): Record<string, unknown> {
  const made = Object.create(Object.getPrototypeOf(module));
  Object.defineProperty(made, "default", { value: module });
  for (const key of Object.getOwnPropertyNames(module)) {
    if (!Object.hasOwn(made, key)) Object.defineProperty(made, key, { get: () => Reflect.get(module, key) });
  }
  return made;
}

/** What TypeScript makes of the same in libraries. */
function copied(module: Record<string, unknown>): Record<string, unknown> {
  if (module.__esModule) return module;
  return Object.fromEntries(Object.getOwnPropertyNames(module).map((key) => [key, module[key]]));
}

Deno.test("a module is loaded once, when something in it is asked for, and not when it is imported", () => {
  const { require, asked } = loader();
  const path = require("node:path"), fs = whole(require("fs"));
  assert.deepEqual(asked, []);
  assert.equal((path.join as (...parts: string[]) => string)("a", "b"), "a/b");
  assert.equal("dirname" in path, true);
  assert.deepEqual(asked, ["node:path"]);
  assert.equal(typeof fs.readFileSync, "function");
  assert.equal((fs.default as Record<string, unknown>).readFileSync, fs.readFileSync);
  assert.deepEqual(asked, ["node:path", "fs"]);
});

Deno.test("libraries that copy a module get all of it", () => {
  const { require } = loader();
  const real = globalThis.process.getBuiltinModule("node:os") as unknown as Record<string, unknown>;
  const copy = copied(require("node:os"));
  assert.equal(copy.hostname, real.hostname);
  assert.deepEqual(Object.keys(copy).sort(), Object.getOwnPropertyNames(real).sort());
  assert.equal(Object.hasOwn(require("node:os"), "hostname"), true);
});

Deno.test("a module that is a function can be called, extended and made", () => {
  const { require } = loader();
  const stream = require("node:stream") as unknown as Stream;
  class Extended extends stream {}
  assert.ok(new Extended() instanceof stream && new Extended() instanceof Extended);
  assert.ok(new stream() instanceof stream);
  assert.ok(new stream.Readable() instanceof stream);
  const assertion = require("node:assert") as unknown as (value: unknown) => void;
  assert.throws(() => assertion(false), { name: "AssertionError" });
});

Deno.test("what is set in a module is set in the runtime's, and one that there is not cannot be found", () => {
  const { require } = loader();
  const first = require("node:querystring"), second = require("node:querystring");
  first.addedByTest = 1;
  assert.equal(second.addedByTest, 1);
  const missing = require("bufferutil");
  assert.throws(() => missing.mask, { code: "MODULE_NOT_FOUND" });
});
