// Hints by nearest name.

import assert from "node:assert/strict";
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
