// The JSON reader against V8's, and against what hostile senders write.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { JsonDocument } from "../../sources/json/json_document.ts";
import { pointerSteps } from "../../sources/json/json_path.ts";
import { JsonScanner, MAX_DEPTH, MAX_VALUES } from "../../sources/json/json_scanner.ts";

const encoder = new TextEncoder();

function scan(text: string | Uint8Array): { problem: string | undefined; document: JsonDocument } {
  const scanner = new JsonScanner();
  const problem = scanner.scan(typeof text === "string" ? encoder.encode(text) : text);
  return { problem: problem?.message, document: new JsonDocument(scanner) };
}

function at(text: string, pointer: string): string | undefined {
  const { problem, document } = scan(text);
  equal(problem, undefined);
  const token = document.find(pointerSteps(pointer));
  return token < 0 ? undefined : document.text(token);
}

Deno.test("what V8 reads as JSON is read, with the same meaning, and nothing else is", () => {
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), fc.nat(3), (text, indent) => {
    const written = JSON.stringify(JSON.parse(text), null, indent);
    const { problem, document } = scan(written);
    equal(problem, undefined);
    deepEqual(JSON.parse(document.raw(0)), JSON.parse(written));
    deepEqual(JSON.parse(document.indented(0, 1 << 20)!), JSON.parse(written));
  }));
  const alphabet = fc.constantFrom(...'{}[],:"\\ntrue0123.eE-+ u00');
  fc.assert(
    fc.property(fc.array(alphabet, { maxLength: 12 }), (letters) => {
      const text = letters.join("");
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      equal(scan(text).problem === undefined, isJson, text);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("any bytes are read or refused, and never throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const { problem, document } = scan(bytes);
    if (problem === undefined) document.raw(0);
  }));
});

Deno.test("each beginning of an event is refused", () => {
  const text = '{"kind":"Event","a":[1,-2.5e3,true,null,"\\u00e9\\n"],"b":{}}';
  for (let end = 0; end < text.length; end++) ok(scan(text.slice(0, end)).problem, text.slice(0, end));
  equal(scan(text).problem, undefined);
});

Deno.test("10,000 levels of nesting are refused, 300 are read", () => {
  for (const [open, close] of [["[", "]"], ['{"a":', "}"]] as const) {
    match(scan(open.repeat(10_000) + "1" + close.repeat(10_000)).problem ?? "", /nested deeper than 300/);
    const inner = open.repeat(MAX_DEPTH) + "1" + close.repeat(MAX_DEPTH);
    equal(scan(inner).problem, undefined);
  }
});

Deno.test("numbers keep all their digits, keys their order, and of two keys the first counts", () => {
  const text = '{"b":12345678901234567890.10, "10":1, "2":1e400, "b":0, "c":{"z":9007199254740993,"a":-0}}';
  equal(at(text, "/b"), "12345678901234567890.10");
  equal(at(text, "/2"), "1e400");
  equal(at(text, "/c"), '{"z":9007199254740993,"a":-0}');
  equal(at(text, ""), text.replaceAll(" ", ""));
});

Deno.test("keys of JavaScript's own objects are keys like others", () => {
  const text = '{"__proto__":{"polluted":"x"},"constructor":{"prototype":{"polluted":"y"}}}';
  equal(at(text, "/__proto__/polluted"), "x");
  equal(at(text, "/constructor/prototype/polluted"), "y");
  equal(at("{}", "/__proto__"), undefined);
  equal(at("{}", "/toString"), undefined);
  equal(at("[1]", "/length"), undefined);
  equal(({} as Record<string, unknown>)["polluted"], undefined);
});

Deno.test("pointers are those of RFC 6901; the first slash may be left out, as in Falco", () => {
  const text = '{"a/b":{"m~n":[10,{"x":"y"}]},"":0,"k\\"l":6," ":7,"\\u00e9\\n":8,"a\\\\n":9}';
  const cases: [string, string | undefined][] = [
    ["/a~1b/m~0n/0", "10"],
    ["a~1b/m~0n/1/x", "y"],
    ["/a~1b/m~0n/2", undefined],
    ["/a~1b/m~0n/-1", undefined],
    ["/a~1b/m~0n/x", undefined],
    ['/k"l', "6"],
    ["/ ", "7"],
    ["/é\n", "8"],
    ["/a\\n", "9"],
    ["/a~1b/m~0n/0/deeper", undefined],
  ];
  for (const [pointer, expected] of cases) equal(at(text, pointer), expected, pointer);
});

Deno.test("a text with as many values as may be is read, and its memory given back; one more is refused", () => {
  const scanner = new JsonScanner();
  for (const [value, tokens] of [["1", 1], ["{}", 1], ['{"a":1}', 3], ['"a"', 1]] as const) {
    const count = Math.floor((MAX_VALUES - 1) / tokens);
    const textOf = (elements: number) => encoder.encode(`[${`${value},`.repeat(elements - 1)}${value}]`);
    equal(scanner.scan(textOf(count)), undefined, value);
    equal(scanner.count, 1 + tokens * count);
    match(scanner.scan(textOf(count + 1))?.message ?? "", /more than 1048576 keys and values/);
  }
  scanner.shrink(1 << 18);
  ok(scanner.tokens.length < 10_000);
});
