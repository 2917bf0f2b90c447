// Every character of every scalar knows where it was written, whatever the style.

import assert from "node:assert/strict";
import fc from "fast-check";
import { parseDocument, Scalar, stringify } from "yaml";
import { Report } from "../../rules/diagnostics/diagnostic.ts";
import { makeSource } from "../../rules/text/source.ts";
import type { YamlNode, YamlScalar } from "../../rules/yaml/nodes.ts";
import { Budget } from "../../rules/yaml/budget.ts";
import { readYaml } from "../../rules/yaml/read.ts";

function scalars(node: YamlNode, into: YamlScalar[] = []): YamlScalar[] {
  if (node.kind === "scalar") into.push(node);
  else if (node.kind === "sequence") node.items.forEach((item) => scalars(item, into));
  else if (node.kind === "map") {
    for (const { key, value } of node.entries.values()) {
      into.push(key);
      scalars(value, into);
    }
  }
  return into;
}

function checkChunks({ value, text, span }: YamlScalar): void {
  let at = 0;
  let from = span.start;
  for (const chunk of text.chunks) {
    assert.equal(chunk.at, at, "chunks follow each other");
    assert.ok(
      chunk.from >= from && chunk.from + chunk.extent <= span.end,
      "chunks lie in the scalar, in order",
    );
    if (chunk.exact) {
      const written = chunk.source.text.slice(chunk.from, chunk.from + chunk.length);
      assert.equal(written, value.slice(chunk.at, chunk.at + chunk.length));
    }
    at += chunk.length;
    from = chunk.from + chunk.extent;
  }
  assert.equal(at, value.length, "chunks cover the value");
}

const words = fc.array(
  fc.constantFrom(
    "a",
    "bc",
    " ",
    "  ",
    "\n",
    "\n\n",
    "'",
    '"',
    "\\",
    "#",
    ": ",
    "- ",
    "é",
    "😀",
    "\t",
    "%",
    "(",
    "[x]",
  ),
  { maxLength: 12 },
).map((parts) => parts.join(""));

Deno.test("positions: chunks of any text in any style are in order, exact and complete", () => {
  const styles: Scalar.Type[] = [
    Scalar.PLAIN,
    Scalar.QUOTE_SINGLE,
    Scalar.QUOTE_DOUBLE,
    Scalar.BLOCK_FOLDED,
    Scalar.BLOCK_LITERAL,
  ];
  let exact = 0;
  fc.assert(
    fc.property(
      words,
      fc.constantFrom(...styles),
      fc.integer({ min: 20, max: 60 }),
      (value, type, lineWidth) => {
        const scalar = new Scalar(value);
        scalar.type = type;
        const text = stringify([{ key: scalar }], { lineWidth });
        // the library writes a few texts in ways that it refuses to read, such as a block that begins with blanks
        if (parseDocument(text).errors.length > 0) return;
        const source = makeSource("x", text);
        const { documents } = readYaml(source, new Report(), new Budget());
        const found = scalars(documents[0]!)[1];
        if (found === undefined) return; // null, when the text is empty
        checkChunks(found);
        if (found.text.chunks.some((chunk) => chunk.exact)) exact++;
      },
    ),
    { numRuns: 500 },
  );
  assert.ok(exact > 200, "most texts have exact chunks");
});

Deno.test("positions: a token in a folded condition points at its very characters", () => {
  const source = makeSource("x", "- condition: >\n    evt.type = open\n    and proc.name\n      = bash\n");
  const [, condition] = scalars(readYaml(source, new Report(), new Budget()).documents[0]!);
  const at = condition!.value.indexOf("proc.name");
  const span = condition!.text.span(at, at + "proc.name".length);
  assert.equal(source.text.slice(span.start, span.end), "proc.name");
  assert.equal(source.text.slice(0, span.start).split("\n").length, 3);
});
