// The values of an alert: what the generated code puts in comes out of the OUT region, and nothing is written past it.

import assert from "node:assert/strict";
import { readAlert } from "../../engine/alert_reader.ts";
import { REGION } from "../../schema/layout.ts";
import { Primitives } from "./match_harness.ts";

const NO_NUMBER = -(1n << 63n);
const primitives = Primitives.load();

function alertOf(put: () => void) {
  primitives.clear();
  primitives.call("out_begin", 7);
  put();
  primitives.call("out_end");
  assert.ok(primitives.alert !== undefined);
  return readAlert(primitives.alert);
}

Deno.test("each kind of value comes out as it went in", () => {
  const alert = alertOf(() => {
    const data = new DataView(primitives.memory.buffer);
    const words = [primitives.view("file"), primitives.view("pipe")];
    const at = primitives.place(new Uint8Array(24));
    data.setUint32(at, 2, true);
    words.forEach((word, i) => data.setBigUint64(at + 8 + 8 * i, word, true));
    primitives.call("out_text", primitives.view("bäsh\n"));
    primitives.call("out_text", primitives.view(""));
    primitives.call("out_int", -2n);
    primitives.call("out_uint", (1n << 64n) - 1n);
    primitives.call("out_bool", 1n);
    primitives.call("out_ip", primitives.view(Uint8Array.of(10, 0, 0, 7)));
    primitives.call("out_time", 1795299142457417438n);
    primitives.call("out_bytes", primitives.view(Uint8Array.of(0, 255)));
    primitives.call("out_double", new BigInt64Array(new Float64Array([0.025]).buffer)[0] ?? 0n);
    primitives.call("out_list", (24n << 32n) | BigInt(at));
  });
  assert.equal(alert.rule, 7);
  assert.deepEqual(alert.values, [
    { kind: "text", value: "bäsh\n" },
    { kind: "text", value: "" },
    { kind: "int", value: -2n },
    { kind: "uint", value: (1n << 64n) - 1n },
    { kind: "bool", value: true },
    { kind: "ip", value: Uint8Array.of(10, 0, 0, 7) },
    { kind: "time", value: 1795299142457417438n },
    { kind: "bytes", value: Uint8Array.of(0, 255) },
    { kind: "double", value: 0.025 },
    { kind: "list", value: [{ kind: "text", value: "file" }, { kind: "text", value: "pipe" }] },
  ]);
});

Deno.test("missing values stay missing, and a number that was taken for a view does too", () => {
  const alert = alertOf(() => {
    for (const name of ["out_text", "out_ip", "out_bytes", "out_list"]) primitives.call(name, 0n);
    for (const name of ["out_int", "out_uint", "out_bool", "out_time", "out_double"]) {
      primitives.call(name, NO_NUMBER);
    }
    primitives.call("out_text", NO_NUMBER);
    primitives.call("out_text", -2n);
  });
  assert.equal(alert.values.length, 11);
  assert.ok(alert.values.every((value) => value.kind === "missing"));
});

Deno.test("values that do not fit are missing, and nothing is written behind the region", () => {
  const behind = REGION.OUT.at + REGION.OUT.bytes;
  primitives.bytes.fill(0xee, behind, behind + 64);
  const alert = alertOf(() => {
    const text = primitives.view("x".repeat(60_000));
    for (let i = 0; i < 40; i++) primitives.call("out_text", text);
    primitives.call("out_int", 5n);
  });
  assert.equal(alert.values.length, 41);
  assert.deepEqual(alert.values[0], { kind: "text", value: "x".repeat(60_000) });
  assert.equal(alert.values[39]?.kind, "missing");
  assert.ok(primitives.bytes.subarray(behind, behind + 64).every((byte) => byte === 0xee));
});
