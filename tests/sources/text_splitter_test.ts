// A stream of JSON is taken apart the same wherever its chunks end.

import { deepEqual, equal } from "node:assert/strict";
import { stepOf } from "../../sources/json/json_path.ts";
import { type SplitterOptions, TextSplitter } from "../../sources/json/text_splitter.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

function parts(text: string, options: Partial<SplitterOptions> = {}, chunkBytes = 1 << 20): string[] {
  const splitter = new TextSplitter({ isLines: false, maxBytes: 100, ...options });
  const bytes = encoder.encode(text);
  const found = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    found.push(...splitter.take(bytes.subarray(at, at + chunkBytes)));
  }
  found.push(...splitter.end());
  return found.map(({ kind, text, textNumber, at }) =>
    `${textNumber} ${kind} ${at} ${text === undefined ? "too long" : decoder.decode(text).trim()}`.trim()
  );
}

const AUDIT = { items: [stepOf("items")], splitsArrays: true };
const CASES: readonly (readonly [text: string, options: Partial<SplitterOptions>, expected: string[]])[] = [
  ['{"a":[1,2]}', {}, ['1 rest 0 {"a":[1,2]}']],
  ['[{"a":"],["} , [2] ]', {}, ['1 element 1 {"a":"],["}', "1 element 14 [2]", "1 rest 0 []"]],
  ["[]", {}, ["1 rest 0 []"]],
  ["", {}, ["1 rest 0"]],
  [
    '{"kind":"EventList","items":[{"items":[1]},"\\"]"],"b":1}',
    AUDIT,
    ['1 item 29 {"items":[1]}', '1 item 43 "\\"]"', '1 rest 0 {"kind":"EventList","items":[],"b":1}'],
  ],
  ['{"\\u0069tems":[1]}', AUDIT, ["1 item 15 1", '1 rest 0 {"\\u0069tems":[]}']],
  ['{"x":"items","y":[1]}', AUDIT, ['1 rest 0 {"x":"items","y":[1]}']],
  ['{"a":{"items":[1]}}', AUDIT, ['1 rest 0 {"a":{"items":[1]}}']],
  ['[{"items":[1]}]', AUDIT, ['1 element 1 {"items":[1]}', "1 rest 0 []"]],
  [
    '{"a":{"c":1,"b":[1,2]},"b":[3]}',
    { items: [stepOf("a"), stepOf("b")] },
    ["1 item 17 1", "1 item 19 2", '1 rest 0 {"a":{"c":1,"b":[]},"b":[3]}'],
  ],
  ['{"items":[1', AUDIT, ['1 rest 0 {"items":[']],
  ["]]}}[1]", {}, ["1 element 5 1", "1 rest 0 ]]}}[]"]],
  ['{"a":1}\n\n{"b":"\n[2]\r\n  \n3', { isLines: true }, [
    '1 rest 0 {"a":1}',
    '3 rest 0 {"b":"',
    "4 element 1 2",
    "4 rest 0 []",
    "6 rest 0 3",
  ]],
  [`[${"x".repeat(101)},1,"${"y".repeat(99)}"]`, {}, [
    "1 element 1 too long",
    "1 element 103 1",
    "1 element 105 too long",
    "1 rest 0 []",
  ]],
];

for (const [text, options, expected] of CASES) {
  Deno.test(`${JSON.stringify(text.slice(0, 60))} is taken apart the same in chunks of any size`, () => {
    for (let chunkBytes = 1; chunkBytes <= text.length + 1; chunkBytes++) {
      deepEqual(parts(text, options, chunkBytes), expected, `chunks of ${chunkBytes}`);
    }
  });
}

Deno.test("what never ends holds no memory: a line, a string, blanks, brackets", () => {
  for (const chunk of ["x", '"', " ", "[", "{", '{"items":[', "\\"]) {
    const splitter = new TextSplitter({ isLines: true, maxBytes: 1000, ...AUDIT });
    const bytes = encoder.encode(chunk.repeat(1000));
    for (let i = 0; i < 1000; i++) {
      const found = [...splitter.take(bytes)];
      equal(found.length, 0, chunk);
      equal(splitter.heldBytes <= 1000, true, chunk);
    }
  }
});
