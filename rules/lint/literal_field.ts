// Fields in outputs as other languages write them: `{proc.name}` and `$proc.name` are printed letter by letter.
// In: outputs as written, the catalogue of fields. Out: a warning with the percent sign for each.
// Elsewhere: what follows a percent sign (output/output_template.ts).

import type { FieldCatalogue } from "../check/catalogue.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { replaceFix } from "../diagnostics/fix.ts";
import type { MappedText } from "../text/mapped_text.ts";

const NAME = "([a-z][a-z0-9_]*(?:\\.[a-zA-Z0-9_]+)+(?:\\[[^\\]\\s]*\\])?)";
const WRITTEN = new RegExp(`(?<!%)(?:\\$\\{${NAME}\\}|\\$${NAME}|\\{\\{?\\s*${NAME}\\s*\\}?\\})`, "g");

export function literalFields(output: MappedText, fields: FieldCatalogue): Diagnostic[] {
  return [...output.text.matchAll(WRITTEN)].flatMap((match) => {
    const [written, ...names] = match;
    const name = names.find((found) => found !== undefined)!;
    // with or without an argument, in brackets or behind a dot
    if (!fields.isField(name.replace(/\[.*$/, "")) && !fields.isField(name.replace(/\.\w+$/, ""))) return [];
    const span = output.span(match.index, match.index + written.length);
    return [
      makeDiagnostic("literal-field", span, `\`${written}\` is printed as it is`, {
        hint: `write \`%${name}\``,
        fixes: [replaceFix(`Print the field: \`%${name}\``, span, `%${name}`, false)],
      }),
    ];
  });
}
