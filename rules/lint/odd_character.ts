// Values with a character that only looks like a blank or a quote. A quoted text may hold dashes and quotes on purpose.
// In: checks. Out: a warning that names the character. Elsewhere: where it makes a condition unreadable (syntax/).

import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import type { Check } from "../syntax/ast.ts";
import { oddCharacter } from "../text/odd_characters.ts";
import { short } from "../yaml/decode.ts";

export function oddCharacters({ right }: Check): Diagnostic[] {
  const values = right?.kind === "list" ? right.items : right?.kind === "value" ? [right] : [];
  return values.flatMap(({ text, quoted, span }) => {
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
