// glob and iglob against the C library's fnmatch, which Falco calls; and that no pattern makes it slow.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Primitives } from "./match_harness.ts";

const primitives = Primitives.load();
const FNM_CASEFOLD = 16;

function glob(name: "str_glob" | "str_iglob", text: string, pattern: string): number {
  primitives.clear();
  return Number(primitives.call(name, primitives.viewAtEnd(text), primitives.view(pattern)));
}

function withLibc(test: (fnmatch: (pattern: string, text: string, flags: number) => boolean) => void): void {
  const libc = Deno.dlopen("libc.so.6", {
    fnmatch: { parameters: ["buffer", "buffer", "i32"], result: "i32" },
  });
  const c = (text: string) => new TextEncoder().encode(`${text}\0`);
  try {
    test((pattern, text, flags) => libc.symbols.fnmatch(c(pattern), c(text), flags) === 0);
  } finally {
    libc.close();
  }
}

const letter = fc.constantFrom("a", "b", "c", "z", "A", "B", "/", ".", "-", "]", "[", "1", " ", "!");
const bracketItem = fc.oneof(
  fc.constantFrom("a", "b", "z", "A", "B", "1", "/", "\\]", "\\-", "a-c", "A-C", "0-9", "z-a", "[:alpha:]"),
  fc.constantFrom("[:alnum:]", "[:blank:]", "[:digit:]", "[:lower:]", "[:upper:]", "[:punct:]", "[:space:]"),
  fc.constantFrom("[:xdigit:]", "[:cntrl:]", "[:graph:]", "[:print:]"),
);
const bracket = fc.tuple(
  fc.constantFrom("", "!", "^"),
  fc.constantFrom("", "]"),
  fc.array(bracketItem, { minLength: 1, maxLength: 3 }),
).map(([negation, close, items]) => `[${negation}${close}${items.join("")}]`);
const pattern = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom("a", "b", "c", "A", "/", ".", "1", "-", "]") },
    { weight: 3, arbitrary: fc.constantFrom("*", "?", "**") },
    { weight: 2, arbitrary: bracket },
    { weight: 1, arbitrary: fc.constantFrom("\\*", "\\?", "\\[", "\\a", "\\\\", "[a", "[!") },
  ),
  { maxLength: 7 },
).map((parts) => parts.join(""));

for (const [name, flags] of [["str_glob", 0], ["str_iglob", FNM_CASEFOLD]] as const) {
  Deno.test(`${name} agrees with fnmatch`, () => {
    withLibc((fnmatch) => {
      fc.assert(
        fc.property(fc.string({ unit: letter, maxLength: 8 }), pattern, (text, pattern) => {
          assert.equal(glob(name, text, pattern), fnmatch(pattern, text, flags) ? 1 : 0);
        }),
        { numRuns: 20_000 },
      );
    });
  });
}

Deno.test("a star crosses slashes and leading dots", () => {
  assert.equal(glob("str_glob", "/etc/.hidden/x", "/etc*x"), 1);
  assert.equal(glob("str_glob", "/etc/passwd", "/etc/*"), 1);
  assert.equal(glob("str_glob", "/etc", "/etc/*"), 0);
});

Deno.test("many stars do not make it slow", () => {
  // exponential backtracking would not return
  assert.equal(glob("str_glob", "a".repeat(4000), `${"*a".repeat(60)}b`), 0);
});
