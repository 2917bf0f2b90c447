// Lists are substituted as Falco does it: compared with the plain textual procedure.

import assert from "node:assert/strict";
import fc from "fast-check";
import { Collector } from "../../rules/items/collect.ts";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { readItems } from "../../rules/items/items.ts";
import { Memory } from "../../rules/memory.ts";
import { ListTable } from "../../rules/expand/lists.ts";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { makeSource } from "../../rules/text/source.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import { readYaml } from "../../rules/yaml/read.ts";

const isBlank = (char: string | undefined) => char !== undefined && " \t\n\r".includes(char);
const isDelimiter = (char: string | undefined) =>
  char === undefined || isBlank(char) || "(),=".includes(char);

/** Falco's procedure on a bare string, for one list. */
function replaceIn(text: string, name: string, items: readonly string[]): string {
  const quoted = items.map((item) => item.includes(" ") && !/^["']/.test(item) ? `"${item}"` : item).join(
    ", ",
  );
  let at = text.indexOf(name);
  while (at >= 0) {
    let end = at + name.length;
    if (!isDelimiter(text[at - 1]) || !isDelimiter(text[end])) {
      at = text.indexOf(name, at + 1);
      continue;
    }
    let start = at;
    while (isBlank(text[start - 1])) start--;
    while (isBlank(text[end])) end++;
    if (quoted === "") {
      if (text[start - 1] === ",") start--;
      else if (text[end] === ",") end++;
    }
    const head = start > 0 ? `${text.slice(0, start)} ` : "";
    at = head.length + quoted.length + 1;
    text = `${head}${quoted} ${text.slice(end)}`;
    at = text.indexOf(name, at);
  }
  return text;
}

const word = fc.constantFrom("aa", "bb", "cc", "a", "aab", "x y", "z");
const lists = fc.array(
  fc.record({ name: fc.constantFrom("aa", "bb", "cc"), items: fc.array(word, { maxLength: 3 }) }),
  {
    maxLength: 3,
  },
);
const condition = fc.array(
  fc.constantFrom("aa", "bb", "cc", "x", " ", " ", ",", "(", ")", "=", '"', "\n", "/"),
  {
    maxLength: 20,
  },
).map((parts) => `f ${parts.join("")}`);

Deno.test("lists: the text is what the textual procedure gives, and every character has a place", () => {
  fc.assert(
    fc.property(lists, condition, (definitions, text) => {
      const yaml = definitions.map(({ name, items }) =>
        `- list: ${name}\n  items: ${JSON.stringify(items)}\n`
      ).join("");
      const report = new Report();
      const collector = new Collector(report, new Memory());
      const { documents } = readYaml(makeSource("lists", yaml), report, new Budget());
      for (const item of readItems(documents, report, new Budget())) collector.add(item);
      const source = makeSource("condition", text);
      const mapped = new MappedText(text, { source, start: 0, end: text.length }, [
        { at: 0, length: text.length, source, from: 0, extent: text.length, exact: true },
      ]);
      const result = new ListTable(collector.lists, new Memory()).substitute(mapped)!;

      let expected = text;
      for (const { name, items, visibility } of collector.lists.values()) {
        const expanded = items.flatMap((item) => {
          const other = collector.lists.get(item.text);
          return other !== undefined && other.index < visibility
            ? other.items.map((i) => i.text)
            : [item.text];
        });
        expected = replaceIn(expected, name, expanded);
      }
      assert.equal(result.text, expected);
      for (let at = 0; at < result.text.length; at++) {
        const span = result.span(at, at + 1);
        const written = span.source.text.slice(span.start, span.end);
        if (span.end - span.start === 1) {
          assert.ok(written === result.text[at] || /[ ",]/.test(result.text[at]!));
        }
        assert.ok(span.end >= span.start && span.end <= span.source.text.length);
      }
    }),
    { numRuns: 1000 },
  );
});
