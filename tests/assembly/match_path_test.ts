// pmatch, networks and regular expression tables.

import assert from "node:assert/strict";
import fc from "fast-check";
import { pathList, Primitives } from "./match_harness.ts";

const primitives = Primitives.load();

function pmatch(text: string, paths: readonly string[]): number {
  primitives.clear();
  return Number(primitives.call("str_pmatch", primitives.viewAtEnd(text), primitives.place(pathList(paths))));
}

Deno.test("pmatch compares whole path components from the start", () => {
  assert.equal(pmatch("/var/log/messages", ["/etc", "/var/log"]), 1);
  assert.equal(pmatch("/var/log", ["/var/log"]), 1);
  assert.equal(pmatch("/var/log", ["/var/lo"]), 0);
  assert.equal(pmatch("/var", ["/var/log"]), 0);
  assert.equal(pmatch("/anything", ["/"]), 1);
  assert.equal(pmatch("/var//log/x", ["/var/log/"]), 1);
  assert.equal(pmatch("var/log/x", ["/var/log"]), 1);
  assert.equal(pmatch("/var/log", []), 0);
  assert.equal(primitives.call("str_pmatch", 0n, primitives.place(pathList(["/"]))), 0);
});

Deno.test("pmatch globs single components", () => {
  assert.equal(pmatch("/home/alice/.ssh/id", ["/home/*/.ssh"]), 1);
  assert.equal(pmatch("/home/a/b/.ssh", ["/home/*/.ssh"]), 0);
  assert.equal(pmatch("/home/bob", ["/home/[ab]*"]), 1);
  assert.equal(pmatch("/home/carl", ["/home/[ab]*", "/home/d?"]), 0);
  assert.equal(pmatch("/home/di/x", ["/home/[ab]*", "/home/d?"]), 1);
});

Deno.test("pmatch agrees with splitting into components", () => {
  const part = fc.constantFrom("a", "b", "ab", "c", "", "a*", "?", "[ab]");
  const path = fc.tuple(fc.constantFrom("/", ""), fc.array(part, { maxLength: 4 }), fc.constantFrom("", "/"))
    .map(([head, parts, tail]) => head + parts.join("/") + tail);
  const parts = (text: string) => text.split("/").filter((part) => part !== "");
  const fits = (pattern: string, text: string) =>
    new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
  fc.assert(
    fc.property(path, fc.array(path, { maxLength: 4 }), (text, paths) => {
      const have = parts(text);
      const expected = paths.some((one) =>
        parts(one).every((part, i) => {
          const component = have[i];
          return component !== undefined && (/[*?[]/.test(part) ? fits(part, component) : part === component);
        })
      );
      assert.equal(pmatch(text, paths), expected ? 1 : 0);
    }),
    { numRuns: 5000 },
  );
});

function net(address: readonly number[], prefixBits: number): Uint8Array {
  const bytes = new Uint8Array(24);
  new DataView(bytes.buffer).setUint32(0, address.length, true);
  new DataView(bytes.buffer).setUint32(4, prefixBits, true);
  bytes.set(address, 8);
  return bytes;
}

function netList(nets: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(8 + 24 * nets.length);
  bytes[0] = nets.length;
  for (const [index, one] of nets.entries()) bytes.set(one, 8 + 24 * index);
  return bytes;
}

Deno.test("net_contains compares the first bits, family by family", () => {
  const v6 = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
  const list = primitives.place(netList([net([10, 0, 0, 0], 8), net([192, 168, 4, 0], 22), net(v6, 32)]));
  const contains = (address: number[]) =>
    primitives.call("net_contains", primitives.viewAtEnd(Uint8Array.from(address)), list);
  assert.equal(contains([10, 200, 1, 1]), 1);
  assert.equal(contains([11, 0, 0, 0]), 0);
  assert.equal(contains([192, 168, 7, 255]), 1);
  assert.equal(contains([192, 168, 8, 0]), 0);
  assert.equal(contains(v6), 1);
  assert.equal(contains([0, ...v6.slice(1)]), 0);
  assert.equal(primitives.call("net_contains", 0n, list), 0);
});

Deno.test("net_contains agrees with masks", () => {
  fc.assert(fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(32), (address, network, bits) => {
    primitives.clear();
    const four = (n: number) => [n >>> 24, n >>> 16 & 255, n >>> 8 & 255, n & 255];
    const near = (network ^ (address & 0xff)) >>> 0;
    const list = primitives.place(netList([net(four(network), bits)]));
    for (const candidate of [address, near, network]) {
      const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
      const expected = ((candidate & mask) >>> 0) === ((network & mask) >>> 0) ? 1 : 0;
      assert.equal(
        primitives.call("net_contains", primitives.view(Uint8Array.from(four(candidate))), list),
        expected,
      );
    }
  }));
});

Deno.test("addresses of different families are never equal", () => {
  const four = primitives.view(Uint8Array.of(0, 0, 0, 1));
  const sixteen = primitives.view(new Uint8Array(16).fill(0).with(15, 1));
  assert.equal(primitives.call("ip_eq", four, four), 1);
  assert.equal(primitives.call("ip_eq", four, sixteen), 0);
  assert.equal(primitives.call("ip_eq", 0n, four), 0);
});

/** Table of an automaton: classes by byte, next state by state and class, states that accept. */
function automaton(
  classOf: (byte: number) => number,
  next: readonly (readonly number[])[],
  accept: readonly number[],
): Uint8Array {
  const states = next.length, classes = next[0]?.length ?? 0;
  const bytes = new Uint8Array(8 + 256 + 2 * states * classes + states);
  const data = new DataView(bytes.buffer);
  data.setUint32(0, states, true);
  data.setUint32(4, classes, true);
  for (let byte = 0; byte < 256; byte++) bytes[8 + byte] = classOf(byte);
  next.flat().forEach((state, i) => data.setUint16(264 + 2 * i, state, true));
  for (const state of accept) bytes[264 + 2 * states * classes + state] = 1;
  return bytes;
}

Deno.test("str_regex runs the table over the whole text", () => {
  // (ab)*: 0 dead, 1 start, 2 after an a
  const table = automaton(
    (byte) => byte === 97 ? 1 : byte === 98 ? 2 : 0,
    [[0, 0, 0], [0, 2, 0], [0, 0, 1]],
    [1],
  );
  const at = primitives.place(table);
  const matches = (text: string) => primitives.call("str_regex", primitives.viewAtEnd(text), at);
  assert.equal(matches(""), 1);
  assert.equal(matches("abab"), 1);
  assert.equal(matches("aba"), 0);
  assert.equal(matches("xab"), 0);
  assert.equal(primitives.call("str_regex", 0n, at), 0);
});
