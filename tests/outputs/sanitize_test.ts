import { deepEqual, equal } from "node:assert/strict";
import { sanitize, sanitizeTemplateText } from "../../outputs/sanitize.ts";

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

Deno.test("other text is left as it is", () => {
  const text = 'héllo 诶比西 😀 \u00a0\u202e \\n %s "quotes"';
  equal(sanitize(text), text);
});

Deno.test("a line break that a rule's author wrote becomes a blank, an escape sequence is broken", () => {
  equal(sanitizeTemplateText("one\r\n\ttwo \x1b[31m"), "one two \ufffd[31m");
});
