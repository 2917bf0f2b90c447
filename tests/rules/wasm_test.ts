// The binary writer: encodings, and modules that V8 and binaryen accept.

import assert from "node:assert/strict";
import fc from "fast-check";
import { ByteWriter } from "../../rules/wasm/bytes.ts";
import { ModuleBuilder } from "../../rules/wasm/module.ts";
import { OP } from "../../rules/wasm/opcodes.ts";

function written(write: (w: ByteWriter) => void): number[] {
  const writer = new ByteWriter();
  write(writer);
  return [...writer.take()];
}

function decodeSigned(bytes: readonly number[]): bigint {
  let value = 0n, shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
  }
  return (bytes.at(-1)! & 0x40) !== 0 ? value - (1n << shift) : value;
}

Deno.test("LEB128 is as the specification's examples have it", () => {
  assert.deepEqual(written((w) => w.uleb(624485)), [0xe5, 0x8e, 0x26]);
  assert.deepEqual(written((w) => w.sleb(-123456)), [0xc0, 0xbb, 0x78]);
  assert.deepEqual(written((w) => w.uleb(0xffffffff)), [0xff, 0xff, 0xff, 0xff, 0x0f]);
});

Deno.test("signed LEB128 reads back", () => {
  fc.assert(
    fc.property(fc.integer(), (n) => assert.equal(decodeSigned(written((w) => w.sleb(n))), BigInt(n))),
  );
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
      (n) => assert.equal(decodeSigned(written((w) => w.sleb64(n))), n),
    ),
  );
});

Deno.test("a module with imports, globals, a table and data runs", () => {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", minPages: 1, maxPages: 16 });
  module.importTable({ module: "env", name: "table", minEntries: 4 });
  module.importBase("env", "base");
  const count = module.global("i64", -5n);
  const twice = module.define("twice", { params: ["i64"], results: ["i64"] });
  const bump = module.define("bump", { params: [], results: ["i64"] });
  const host = module.importFunction("host", "add", { params: ["i64", "i64"], results: ["i64"] });
  twice.code.indexed(OP.localGet, 0);
  twice.code.indexed(OP.localGet, 0);
  twice.code.call(host);
  bump.code.indexed(OP.globalGet, count);
  bump.code.call(twice);
  bump.code.indexed(OP.globalSet, count);
  bump.code.indexed(OP.globalGet, count);
  module.export("bump", bump);
  module.elements(2, [bump, twice]);
  module.setData(Uint8Array.of(1, 2, 3));

  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared: true });
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 8 });
  const base = new WebAssembly.Global({ value: "i32", mutable: false }, 100);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish() as BufferSource), {
    env: { memory, table, base },
    host: { add: (a: bigint, b: bigint) => a + b },
  });
  assert.equal((exports["bump"] as () => bigint)(), -10n);
  assert.equal((table.get(2) as () => bigint)(), -20n);
  assert.deepEqual([...new Uint8Array(memory.buffer, 100, 3)], [1, 2, 3]);
});
