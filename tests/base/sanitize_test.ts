import { deepEqual, equal } from "node:assert/strict";
import { escapeText, joinLines, jsonText, sanitize, sanitizeLine } from "../../base/sanitize.ts";

Deno.test("control characters, C1 controls and DEL become U+FFFD", () => {
  for (let code = 0; code < 0xa0; code++) {
    const harmful = code < 0x20 || code >= 0x7f;
    equal(
      sanitize(`a${String.fromCodePoint(code)}b`),
      harmful ? "a\ufffdb" : `a${String.fromCodePoint(code)}b`,
    );
  }
});

Deno.test("Unicode non-characters and halves of surrogate pairs become U+FFFD", () => {
  const harmful = ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\u{1fffe}", "\u{10ffff}", "\ud800", "\udfff"];
  deepEqual(harmful.map((text) => sanitize(`<${text}>`)), harmful.map(() => "<\ufffd>"));
});

Deno.test("characters that break lines, turn their direction or hide text become U+FFFD", () => {
  const ranges = [[0x2028, 0x202e], [0x2066, 0x206f], [0x200e, 0x200f], [0x61c, 0x61c], [0xfeff, 0xfeff]]
    .concat(
      [[0xfff9, 0xfffb], [0xe0001, 0xe0001], [0xe0020, 0xe007f]],
    ) as [number, number][];
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code++) {
      equal(sanitize(`a${String.fromCodePoint(code)}b`), "a\ufffdb");
    }
  }
});

Deno.test("one line of what a stranger says is bounded, cut between characters, and the cut is marked", () => {
  equal(sanitizeLine("short"), "short");
  equal(sanitizeLine("ab\ncd", 4), "ab\ufffdc… (1 more characters)");
  equal(sanitizeLine("ab😀cd", 3), "ab… (4 more characters)");
});

Deno.test("other text is left as it is", () => {
  const text = 'héllo 诶比西 😀 👩\u200d🚀 \u00a0 \\n %s "quotes" ﷺ نص עברית';
  equal(sanitize(text), text);
});

Deno.test("a line break that an author wrote becomes a blank", () => {
  equal(joinLines("one\r\n\ttwo three"), "one two three");
});

Deno.test("control characters are escaped as JSON does, quotes and backslashes too, so that nothing is lost", () => {
  equal(escapeText("a\nb\tc\0d\x1b[31m"), String.raw`a\nb\tc\u0000d\u001b[31m`);
  equal(escapeText(String.raw`say "C:\n"`), String.raw`say \"C:\\n\"`);
  equal(escapeText("café 日本 😀"), "café 日本 😀");
});

Deno.test("what JSON need not escape and viewers obey is escaped, and is the same when it is read", () => {
  const text = "\x7f\x85\x9b\u2028\u202e\u2066\ufeff\ufffe\u{e0041}";
  const escaped = String.raw`"\u007f\u0085\u009b\u2028\u202e\u2066\ufeff\ufffe\udb40\udc41"`;
  equal(jsonText(text), escaped);
  equal(JSON.parse(escaped), text);
});

Deno.test("halves of surrogate pairs are no text: they become U+FFFD", () => {
  equal(jsonText("<\ud800>\udfff"), '"<\ufffd>\ufffd"');
});
