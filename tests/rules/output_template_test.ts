// Output formats: what belongs to a field and what is text.

import assert from "node:assert/strict";
import fc from "fast-check";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { FieldCatalogue } from "../../rules/check/catalogue.ts";
import { parseTemplate } from "../../rules/output/output_template.ts";
import { makeSource } from "../../rules/text/source.ts";

function parse(text: string) {
  const source = makeSource("x", text);
  return parseTemplate(
    MappedText.synthetic(text, { source, start: 0, end: text.length }),
    new FieldCatalogue(),
  );
}

/** Fields in braces. */
function shown(text: string): string {
  const { template, findings } = parse(text);
  if (template === undefined) return findings.map((finding) => finding.code).join(" ");
  return template.parts.map((part) => typeof part === "string" ? part : `{${part.width ?? ""}${part.key}}`)
    .join("");
}

Deno.test("outputs: the longest known field is taken, the rest is text", () => {
  assert.equal(shown("%proc.namefoo"), "{proc.name}foo");
  assert.equal(shown("%proc.name.foo"), "{proc.name}.foo");
  assert.equal(shown("%proc.name."), "{proc.name}.");
  assert.equal(shown("%fd.name:%fd.num"), "{fd.name}:{fd.num}");
  assert.equal(shown("%evt.arg.flagsfoo"), "{evt.arg.flags}foo");
  assert.equal(shown("%evt.arg[0]x"), "{evt.arg[0]}x");
  assert.equal(
    shown("%proc.aname[2] %proc.aname[x] %proc.aname[2"),
    "{proc.aname[2]} {proc.aname}[x] {proc.aname}[2",
  );
  assert.equal(shown("%proc.name[1]"), "{proc.name}[1]");
});

Deno.test("outputs: width and transformers", () => {
  assert.equal(shown("%20proc.name|"), "{20proc.name}|");
  assert.equal(shown("%0proc.name"), "{proc.name}");
  assert.equal(shown("%toupper(proc.name)x"), "{toupper(proc.name)}x");
  assert.equal(shown('%concat(proc.name, "- ", proc.pname)'), '{concat(proc.name,"- ",proc.pname)}');
  assert.equal(shown("%len(proc.name)[3]"), "{len(proc.name)}[3]");
  const fields = parse("%toupper(basename(proc.exe)) %proc.pid %proc.pid").template!.fields.map((field) =>
    field.key
  );
  assert.deepEqual(fields, ["proc.exe", "basename(proc.exe)", "toupper(basename(proc.exe))", "proc.pid"]);
});

Deno.test("outputs: what is no field is an error", () => {
  assert.equal(shown("100%"), "output-syntax");
  assert.equal(shown("100% sure"), "output-syntax");
  assert.equal(shown("%%"), "output-syntax output-syntax");
  assert.equal(shown("%20"), "output-syntax");
  assert.equal(shown("%no.such and %proc.nothing"), "unknown-output-field unknown-output-field");
  assert.equal(shown("%evt.arg"), "unknown-output-field");
});

Deno.test("outputs: the parts give the format back, whatever it is", () => {
  const chunk = fc.constantFrom(
    "%",
    "proc.name",
    "proc.aname[1]",
    "tolower(",
    ")",
    "[",
    "x",
    " ",
    "20",
    ".",
    "evt.arg.",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(chunk, fc.string({ maxLength: 3 })), { maxLength: 12 }), (chunks) => {
      const text = chunks.join("");
      const { template } = parse(text);
      if (template === undefined) return;
      const back = template.parts.map((part) =>
        typeof part === "string" ? part : `%${part.width ?? ""}${part.key}`
      );
      const plain = (format: string) => format.replace(/%0*/g, "%").replace(/[ "\\]/g, "");
      assert.equal(plain(back.join("")), plain(text));
    }),
  );
});

Deno.test("outputs: hostile formats take linear time", () => {
  parse(`%${"a.".repeat(200_000)}`);
  parse("%".repeat(200_000));
  parse(`%proc.${"x".repeat(500_000)}`);
});
