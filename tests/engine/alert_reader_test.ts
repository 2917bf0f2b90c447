import assert from "node:assert/strict";
import fc from "fast-check";
import type { AlertValue } from "../../alerts/alert.ts";
import { readAlert } from "../../engine/alert_reader.ts";

/** The contract's other half: what the matcher writes. */
class OutWriter {
  readonly #bytes: number[] = [];

  number(value: bigint | number, bytes: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let i = 0; i < bytes; i++, rest >>= 8n) this.#bytes.push(Number(rest & 0xffn));
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#bytes.push(...bytes);
    return this;
  }

  value(value: AlertValue): this {
    switch (value.kind) {
      case "missing":
        return this.number(0, 1);
      case "text": {
        const bytes = new TextEncoder().encode(value.value);
        return this.number(1, 1).number(bytes.length, 4).raw(bytes);
      }
      case "int":
        return this.number(2, 1).number(value.value, 8);
      case "uint":
        return this.number(3, 1).number(value.value, 8);
      case "bool":
        return this.number(4, 1).number(value.value ? 1 : 0, 1);
      case "ip":
        return this.number(5, 1).number(value.value.length, 1).raw(value.value);
      case "time":
        return this.number(6, 1).number(value.value, 8);
      case "bytes":
        return this.number(7, 1).number(value.value.length, 4).raw(value.value);
      case "double":
        return this.number(8, 1).raw(new Uint8Array(new Float64Array([value.value]).buffer));
      case "list":
        this.number(9, 1).number(value.value.length, 4);
        for (const item of value.value) this.value(item);
        return this;
    }
  }

  take(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes);
  }
}

function alertBytes(values: readonly AlertValue[]): Uint8Array<ArrayBuffer> {
  const writer = new OutWriter().number(7, 4).number(293, 4).number(1_700_000_000_123_456_789n, 8)
    .number(42, 8).number(-5, 8).number(values.length, 4).number(0, 4);
  for (const value of values) writer.value(value);
  return writer.take();
}

const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const uint64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const { value: anyValue } = fc.letrec<{ value: AlertValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant<AlertValue>({ kind: "missing" }),
    fc.string({ unit: "grapheme" }).map((value): AlertValue => ({ kind: "text", value })),
    int64.map((value): AlertValue => ({ kind: "int", value })),
    uint64.map((value): AlertValue => ({ kind: "uint", value })),
    fc.boolean().map((value): AlertValue => ({ kind: "bool", value })),
    fc.constantFrom(4, 16).chain((n) => fc.uint8Array({ minLength: n, maxLength: n }))
      .map((value): AlertValue => ({ kind: "ip", value })),
    uint64.map((value): AlertValue => ({ kind: "time", value })),
    fc.uint8Array().map((value): AlertValue => ({ kind: "bytes", value })),
    fc.double({ noNaN: true }).map((value): AlertValue => ({ kind: "double", value })),
    fc.array(tie("value"), { maxLength: 4 }).map((value): AlertValue => ({ kind: "list", value })),
  ),
}));

Deno.test("readAlert() reads every kind of value back", () => {
  fc.assert(fc.property(fc.array(anyValue, { maxLength: 8 }), (values) => {
    const alert = readAlert(alertBytes(values));
    assert.deepEqual(alert, {
      rule: 7,
      eventType: 293,
      timeNs: 1_700_000_000_123_456_789n,
      eventNumber: 42n,
      tid: -5n,
      values,
    });
  }));
});

Deno.test("readAlert() replaces malformed UTF-8 and keeps a byte order mark", () => {
  const head = alertBytes([]);
  head[32] = 1;
  const bytes = Uint8Array.from([...head, 1, 6, 0, 0, 0, 0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62]);
  assert.deepEqual(readAlert(bytes).values, [{ kind: "text", value: "\ufeffa\ufffdb" }]);
});

Deno.test("readAlert() refuses bytes that end too early or that it does not know", () => {
  const whole = alertBytes([{ kind: "text", value: "some text" }]);
  for (let bytes = 0; bytes < whole.length; bytes++) {
    assert.throws(() => readAlert(whole.slice(0, bytes)), RangeError);
  }
  whole[40] = 200;
  assert.throws(() => readAlert(whole), /unknown kind of value 200/);
});
