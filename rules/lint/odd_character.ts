// Values with a character that only looks like a blank or a quote, or with a semicolon at the end. A quoted text may hold dashes and quotes on purpose.
// In: checks. Out: a warning that names the character. Elsewhere: where it makes a condition unreadable (syntax/).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { replaceFix } from "../diagnostics/fix.ts";
import type { Check } from "../syntax/ast.ts";
import { oddCharacter } from "../text/odd_characters.ts";
import { short } from "../yaml/decode.ts";

export function oddCharacters({ right }: Check): Diagnostic[] {
  const values = right?.kind === "list" ? right.items : right?.kind === "value" ? [right] : [];
  return values.flatMap(({ text, quoted, span }) => {
    if (!quoted && /.;$/.test(text)) {
      return [
        makeDiagnostic("odd-character", span, `\`${short(text)}\` ends with a semicolon`, {
          notes: ["It is part of the value, which then has to hold it too."],
          hint: "remove it: nothing ends with a semicolon here",
          fixes: [replaceFix("Remove the semicolon", { ...span, start: span.end - 1 }, "", false)],
        }),
      ];
    }
    const odd = oddCharacter(text);
    if (odd === undefined || quoted && !odd.isBlank) return [];
    return [
      makeDiagnostic("odd-character", span, `\`${short(text)}\` holds ${odd.name}`, {
        notes: ["It is part of the value, which then has to hold it too."],
        hint: `write ${odd.instead} in its place`,
      }),
    ];
  });
}
