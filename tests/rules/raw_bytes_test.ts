// Conditions compare the bytes that the kernel gave, whether they are text or not; `regex` alone sees text, in which each
// malformed sequence is U+FFFD. `\xHH` in quotes is a byte.

import assert from "node:assert/strict";
import { assertEvaluated, ON_EXEC, open, write } from "./evaluated_events.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

const NAME = Uint8Array.from([..."/tmp/caf"].map((c) => c.charCodeAt(0)).concat([0xff, 0x1b, 0x0a, 0x7a]));

Deno.test("operators of text compare bytes: malformed UTF-8 and control characters are what they are", () => {
  assertEvaluated([
    [String.raw`fd.name contains "\xff"`, true],
    [String.raw`fd.name = "/tmp/caf\xff\x1b\x0az"`, true],
    [String.raw`fd.name = "/tmp/caf\xff\x1b\nz"`, true],
    [String.raw`fd.name endswith "\xFF\x1B\x0Az"`, true],
    [String.raw`fd.name contains "\xfe"`, false],
    [String.raw`fd.name in ("\xff", "/tmp/caf\xff\x1b\nz")`, true],
    [String.raw`fd.name startswith "/tmp/caf\xff"`, true],
    [String.raw`fd.name pmatch ("/tmp/caf\xff\x1b\nz")`, true],
    ["fd.name contains \ufffd", false],
  ], [...ON_EXEC, open(70, 3, NAME)]);
});

Deno.test("`?` of glob is one byte, `.` of regex one character; what is malformed is U+FFFD to regex", () => {
  assertEvaluated([
    ['fd.name glob "/tmp/caf???z"', true],
    ['fd.name glob "/tmp/caf??z"', false],
    // a line break is no character to `.`, as in RE2
    ['fd.name regex "/tmp/caf...z"', false],
    ['fd.name regex "/tmp/caf..[^a]z"', true],
    ["fd.name regex '/tmp/caf\ufffd[[:cntrl:]]{2}z'", true],
    ["fd.name regex '/tmp/caf[^\ufffd]..z'", false],
  ], [...ON_EXEC, open(70, 3, NAME)]);
  assertEvaluated([
    ['fd.name glob "/tmp/caf??"', true],
    ['fd.name glob "/tmp/caf?"', false],
    ['fd.name regex "/tmp/caf."', true],
    [String.raw`fd.name = "/tmp/caf\xc3\xa9"`, true],
    ["fd.name = /tmp/café", true],
  ], [...ON_EXEC, open(70, 3, "/tmp/café")]);
});

Deno.test("a NUL is a byte of buffers", () => {
  assertEvaluated([
    [String.raw`evt.buffer contains "\x00"`, true],
    [String.raw`evt.buffer = "a\x00\x90"`, true],
    [String.raw`evt.buffer contains "\x90"`, true],
    ["evt.buffer = a", false],
  ], [...ON_EXEC, open(70, 3, "/tmp/x"), write(70, 3, Uint8Array.of(0x61, 0, 0x90))]);
});

function codesOf(condition: string): string[] {
  const text =
    `- rule: R\n  desc: d\n  condition: evt.type in (openat, write) and ${condition}\n  output: o\n` +
    "  priority: INFO\n";
  const options = { hide: ["high-volume-call" as const] };
  return loadRules([makeSource("r.yaml", text)], options).diagnostics.map(({ code }) => code);
}

Deno.test("a NUL cannot be compared with text, nor with hexadecimal digits", () => {
  const operators = ["=", "contains", "icontains", "startswith", "endswith", "glob", "regex"];
  for (const operator of operators) {
    assert.ok(codesOf(String.raw`fd.name ${operator} "\x00"`).includes("invalid-value"), operator);
  }
  assert.ok(codesOf(String.raw`fd.name pmatch ("\x00")`).includes("invalid-value"));
  assert.ok(codesOf(String.raw`evt.buffer bcontains "\x00"`).includes("invalid-value"));
  assert.deepEqual(codesOf(String.raw`evt.buffer = "\x00"`), []);
});

Deno.test("a regular expression has to be UTF-8; escapes that make text are text", () => {
  assert.ok(codesOf(String.raw`fd.name regex "\xff"`).includes("invalid-regex"));
  assert.deepEqual(codesOf(String.raw`fd.name regex "\xc3\xa9.*x"`), []);
});

Deno.test("`\\x` takes two hexadecimal digits, no more and no less", () => {
  for (const bad of ["\\x", "\\xf", "\\xgg", "\\x g", "\\x+a"]) {
    assert.ok(codesOf(`fd.name = "${bad}"`).includes("condition-syntax"), bad);
  }
  assertEvaluated([[String.raw`fd.name = "/tmp/\x413"`, true]], [...ON_EXEC, open(70, 3, "/tmp/A3")]);
});
