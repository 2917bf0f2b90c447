// The text primitives against simple TypeScript: equality, order, prefixes, suffixes, substrings, sets.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Primitives, textSet, toBytes } from "./match_harness.ts";

const primitives = Primitives.load();

/** Short alphabets make equal parts likely. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 40 }),
  fc.string({ unit: fc.constantFrom("a", "A", "z", "Z", "[", "@", "{", "`", "é"), maxLength: 70 }),
  fc.string({ maxLength: 30 }),
);

function binary(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function foldAscii(bytes: string): string {
  return bytes.replace(/[A-Z]/g, (c) => c.toLowerCase());
}

type Reference = (value: string, operand: string) => boolean;

const REFERENCES: Record<string, Reference> = {
  str_eq: (v, c) => v === c,
  str_ne: (v, c) => v !== c,
  str_startswith: (v, c) => v.startsWith(c),
  str_endswith: (v, c) => v.endsWith(c),
  str_contains: (v, c) => v.includes(c),
  str_icontains: (v, c) => foldAscii(v).includes(foldAscii(c)),
};

for (const [name, reference] of Object.entries(REFERENCES)) {
  Deno.test(`${name} agrees with a simple implementation, also at the end of the memory`, () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), (value, other, from, length) => {
        primitives.clear();
        const whole = toBytes(value);
        const start = from % (whole.length + 1);
        const part = whole.subarray(start, start + length % (whole.length - start + 1));
        for (const operand of [part, toBytes(other)]) {
          const needle = name === "str_icontains"
            ? Uint8Array.from(foldAscii(binary(operand)), (c) => c.charCodeAt(0))
            : operand;
          const expected = reference(binary(whole), binary(operand)) ? 1 : 0;
          assert.equal(primitives.call(name, primitives.view(whole), primitives.view(needle)), expected);
          assert.equal(primitives.call(name, primitives.viewAtEnd(whole), primitives.view(needle)), expected);
        }
      }),
      { numRuns: 1500 },
    );
  });

  Deno.test(`${name} is false for a missing text`, () => {
    assert.equal(primitives.call(name, 0n, primitives.view("a")), 0);
    assert.equal(primitives.call(name, primitives.view("a"), 0n), 0);
  });
}

Deno.test("str_compare orders as strcmp does", () => {
  fc.assert(fc.property(text, text, (a, b) => {
    primitives.clear();
    const left = toBytes(a), right = toBytes(b);
    const expected = binary(left) < binary(right) ? -1 : binary(left) > binary(right) ? 1 : 0;
    assert.equal(
      primitives.call("str_compare", primitives.view(left), primitives.viewAtEnd(right)),
      expected,
    );
  }));
});

Deno.test("str_in finds exactly the items of a set", () => {
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), text, (items, other) => {
    primitives.clear();
    const unique = [...new Set(items)];
    const set = primitives.place(textSet(unique.map(toBytes)));
    for (const item of unique) assert.equal(primitives.call("str_in", primitives.viewAtEnd(item), set), 1);
    assert.equal(primitives.call("str_in", primitives.view(other), set), unique.includes(other) ? 1 : 0);
    assert.equal(primitives.call("str_in", 0n, set), 0);
  }));
});

Deno.test("num_in finds exactly the numbers of a set, and no missing number", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.bigInt({ min: -(1n << 62n), max: 1n << 62n })),
      fc.bigInt(-5n, 5n),
      (items, other) => {
        primitives.clear();
        const data = new BigInt64Array([BigInt(items.length), ...items.toSorted((a, b) => a < b ? -1 : 1)]);
        const set = primitives.place(new Uint8Array(data.buffer));
        for (const item of items) {
          assert.equal(primitives.call("num_in", item, set), 1);
        }
        assert.equal(primitives.call("num_in", other, set), items.includes(other) ? 1 : 0);
        assert.equal(primitives.call("num_in", -(1n << 63n), set), 0);
      },
    ),
  );
});

Deno.test("the transformers change case, cut the directory, join and decode", () => {
  primitives.clear();
  const one = (name: string, ...args: string[]) =>
    primitives.text(primitives.call(name, ...args.map((arg) => primitives.view(arg))));
  assert.equal(one("text_lower", "Ab[Z]é"), "ab[z]é");
  assert.equal(one("text_upper", "Ab{z}é"), "AB{Z}é");
  assert.equal(one("text_basename", "/usr/bin/python3"), "python3");
  assert.equal(one("text_basename", "python3"), "python3");
  assert.equal(one("text_basename", "/tmp/"), "");
  assert.equal(one("text_concat2", "a", "bc"), "abc");
  assert.equal(one("text_b64_decode", "aGVsbG8="), "hello");
  assert.equal(one("text_b64_decode", "aGVsbG8"), "hello");
  assert.equal(one("text_b64_decode", "a*"), undefined);
  assert.equal(primitives.call("text_len", primitives.view("äb")), 3n);
  for (const name of ["text_lower", "text_upper", "text_basename", "text_b64_decode"]) {
    assert.equal(primitives.call(name, 0n), 0n);
  }
});

Deno.test("b64 decodes what base64 has encoded", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
    primitives.clear();
    const encoded = btoa(binary(bytes));
    assert.deepEqual(primitives.read(primitives.call("text_b64_decode", primitives.view(encoded))), bytes);
  }));
});

/** View of a list of texts: u32 count, u32 0, a view for each. */
function list(...items: string[]): bigint {
  const words = new BigUint64Array([BigInt(items.length), ...items.map((item) => primitives.view(item))]);
  const bytes = new Uint8Array(words.buffer);
  return (BigInt(bytes.length) << 32n) | BigInt(primitives.place(bytes));
}

Deno.test("lists are searched, counted and joined", () => {
  primitives.clear();
  const set = primitives.place(textSet(["file", "pipe"].map(toBytes)));
  assert.equal(primitives.call("list_in", list("file", "pipe"), set), 1);
  assert.equal(primitives.call("list_in", list("file", "ipv4"), set), 0);
  assert.equal(primitives.call("list_in", list(), set), 0);
  assert.equal(primitives.call("list_intersects", list("ipv4", "pipe"), set), 1);
  assert.equal(primitives.call("list_intersects", list("ipv4"), set), 0);
  assert.equal(primitives.call("list_len", list("a", "b")), 2n);
  assert.equal(primitives.text(primitives.call("list_join", primitives.view(", "), list("a", "b"))), "a, b");
});

Deno.test("getopt finds the value of an option", () => {
  const option = (letter: string, ...args: string[]) => {
    primitives.clear();
    return primitives.text(
      primitives.call("text_getopt", list(...args), primitives.view("nt:v"), primitives.view(letter)),
    );
  };
  assert.equal(option("t", "-n", "-t", "5", "file"), "5");
  assert.equal(option("t", "-nt5", "file"), "5");
  assert.equal(option("t", "-t", "1", "-t2"), "2");
  assert.equal(option("n", "-vn"), "n");
  assert.equal(option("t", "-t"), "");
  assert.equal(option("v", "--verbose", "-v"), "v");
  assert.equal(option("v", "file", "-v"), undefined);
  assert.equal(option("v", "--", "-v"), undefined);
});
