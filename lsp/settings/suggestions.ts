// What may be written at a place of falco.yaml.
// In: the cursor. Out: suggestions, and how much of the text they take the place of.

import type { Cursor } from "../text/cursor.ts";
import type { Suggestions } from "../completion/condition.ts";
import { KIND } from "../completion/suggestion.ts";
import { keysBelow, keyText, valuesAt } from "./settings_schema.ts";

export function settingsSuggestions({ path, where, written, itemKeys }: Cursor): Suggestions {
  if (where === "value") {
    const suggestions = valuesAt(path).map((label, at) => ({ label, kind: KIND.EnumMember, rank: at }));
    return { suggestions, replaced: /[^\s,\[]*$/.exec(written)![0].length };
  }
  const known = path.length === 0 ? itemKeys : [];
  const suggestions = [...keysBelow(path)].filter(([key]) => !known.includes(key)).map((
    [key, schema],
    at,
  ) => ({
    label: key,
    kind: KIND.Property,
    text: keyText([...path, key]) ?? "",
    snippet: schema["type"] === "object" ? `${key}:\n  $0` : `${key}: $0`,
    rank: at,
  }));
  return { suggestions, replaced: /[\w-]*$/.exec(written)![0].length };
}
