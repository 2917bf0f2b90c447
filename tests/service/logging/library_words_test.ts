import { deepEqual, equal } from "node:assert/strict";
import { LibraryWords } from "../../../service/logging/library_words.ts";

Deno.test("what a library prints is a line of the log, in one chunk, and standard output has none of it", () => {
  const before = console.log;
  const lines: string[] = [];
  const words = new LibraryWords((level, message) => lines.push(`${level} ${message}`));
  try {
    console.log("reader closed", new RangeError('x\n{"rule":"forged"}\u001b[2K'));
    console.trace(undefined, 7);
  } finally {
    words.dispose();
  }
  equal(console.log, before);
  deepEqual(lines, [
    'debug a library says: reader closed RangeError: x\uFFFD{"rule":"forged"}\uFFFD[2K',
    "debug a library says: undefined 7",
  ]);
});
