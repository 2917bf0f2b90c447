// Hints by nearest name.

import assert from "node:assert/strict";
import fc from "fast-check";
import { editDistance, nearestName } from "../../base/suggest.ts";

Deno.test("suggestions: distance counts edits and swaps of neighbours, up to a limit", () => {
  assert.equal(editDistance("name", "name", 3), 0);
  assert.equal(editDistance("nmae", "name", 3), 1);
  assert.equal(editDistance("nam", "name", 3), 1);
  assert.equal(editDistance("kitten", "sitting", 3), 3);
  assert.equal(editDistance("abc", "xyz", 2), 3);
  assert.equal(editDistance("a", "abcdef", 2), 3);
});

Deno.test("suggestions: the nearest name, none when nothing is near", () => {
  assert.equal(nearestName("proc.nmae", ["proc.pid", "proc.name", "proc.exe"]), "proc.name");
  assert.equal(nearestName("PROC.NAME", ["proc.pname", "proc.name"]), "proc.name");
  assert.equal(nearestName("zzzzzz", ["proc.name"]), undefined);
  assert.equal(nearestName("x".repeat(1000), ["proc.name"]), undefined);
});

/** Every cell of the table, and every candidate. */
function wholeDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]!.push(j);
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? rows[i - 2]![j - 2]! + 1
        : Infinity;
      rows[i]!.push(Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same, swap));
    }
  }
  return rows[a.length]![b.length]!;
}

const word = fc.string({ unit: fc.constantFrom(..."abcABC_.éЁё1"), minLength: 1, maxLength: 9 });

Deno.test("suggestions: what is left out of the table and of the candidates changes nothing", () => {
  fc.assert(fc.property(word, word, fc.nat(5), (a, b, limit) => {
    assert.equal(editDistance(a, b, limit), Math.min(wholeDistance(a, b), limit + 1));
  }));
  fc.assert(fc.property(word, fc.array(word), (name, known) => {
    const limit = Math.max(1, Math.floor(name.length / 3));
    const distances = known.filter((other) => other !== name).map((other) =>
      wholeDistance(name.toLowerCase(), other.toLowerCase())
    );
    const least = Math.min(...distances);
    const nearest = nearestName(name, known);
    if (least > limit) assert.equal(nearest, undefined);
    else assert.equal(wholeDistance(name.toLowerCase(), nearest!.toLowerCase()), least);
  }));
});
