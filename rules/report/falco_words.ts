// What Falco calls a finding, where programs that read its validation compare the words.
// In: a Diagnostic. Out: Falco's message where it has one of its own, else ours with its hint.
// Elsewhere: the words for people, which every finding carries itself.

import type { FalcoCode } from "../findings/falco_codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";

/** Fields whose deprecation Falco reports with their name. */
export const DEPRECATED_FIELDS = [
  "evt.dir",
  "evt.latency",
  "evt.latency.s",
  "evt.latency.ns",
  "evt.latency.human",
  "evt.wait_latency",
] as const;

/** The long description of each warning, in `codedesc`. */
export const FALCO_DESCRIPTIONS: Partial<Readonly<Record<FalcoCode, string>>> = {
  LOAD_UNKNOWN_SOURCE: "No events come from the source of the rule, which is left out.",
  LOAD_UNSAFE_NA_CHECK:
    "A missing value is compared with the text <NA>; the operator exists tells whether it is there.",
  LOAD_NO_EVTTYPE:
    "The condition is tried on too many event types, which takes time. Restrict it with evt.type.",
  LOAD_UNKNOWN_FILTER:
    "The rule is left out, since it uses a field or event type that does not exist and allows that.",
  LOAD_UNUSED_MACRO: "No rule and no other macro uses the macro.",
  LOAD_UNUSED_LIST: "No rule, no macro and no other list uses the list.",
  LOAD_UNKNOWN_ITEM: "The item is of no known kind and is ignored.",
  LOAD_DEPRECATED_ITEM: "Something is used that still works and will not always.",
  LOAD_APPEND_NO_VALUES: "An appended exception has no values and changes nothing.",
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: "Two exceptions of one rule have the same name.",
  LOAD_INVALID_MACRO_NAME: "The name of the macro cannot stand in a condition.",
  LOAD_INVALID_LIST_NAME: "The name of the list cannot stand in a condition.",
  LOAD_COMPILE_CONDITION: "The condition or the output can be read, and may not mean what it seems to.",
  LOAD_UNKNOWN_KEY: "The key means nothing in this kind of item and is ignored.",
};

export function falcoMessage(diagnostic: Diagnostic): string {
  return falcoWords(diagnostic) ?? ownWords(diagnostic);
}

function ownWords({ message, notes, hint }: Diagnostic): string {
  const parts = [
    message,
    ...notes.map((note) => note.replace(/\.$/, "")),
    ...(hint === undefined ? [] : [hint]),
  ];
  return parts.join("; ");
}

function falcoWords({ code, span, about, message, notes }: Diagnostic): string | undefined {
  const text = span === undefined ? "" : span.source.text.slice(span.start, span.end);
  switch (code) {
    case "not-a-sequence":
      return `Rules content is not yaml${message.includes("a mapping") ? " array of objects" : ""}`;
    case "missing-key":
      return about === undefined ? undefined : `Item has no mapping for key '${about}'`;
    case "empty-value":
      return about === undefined ? "Value must be non-empty" : `Mapping for key '${about}' is empty`;
    case "invalid-priority":
      return "Invalid priority";
    case "invalid-override":
      if (about === undefined) return undefined;
      return text === about
        ? `Unexpected key '${about}': no corresponding entry under 'override' is defined.`
        : `An ${notes[0]?.split(" ")[1]} override for '${about}' was specified but '${about}' is not defined`;
    case "undefined-macro":
      return `Undefined macro '${about ?? text}' used in filter.`;
    case "macro-loop":
      return `reference loop in macro '${text}'`;
    case "unknown-field":
      return `filter_check called with nonexistent field ${text}`;
    case "unknown-event-type":
      return `unknown event type ${text.replace(/^(["'])(.*)\1$/, "$2")}`;
    case "unknown-output-field":
      return `invalid formatting token ${text.replace(/^%/, "")}`;
    case "unknown-source":
      return `Unknown source ${about}, skipping`;
    case "unused-macro":
      return "No rule and no macro uses this macro";
    case "unused-list":
      return "No rule, macro or list uses this list";
    case "no-event-type":
      return "No evt.type restricts this rule: it is tried on too many event types";
    case "unknown-key":
      return `Unknown key '${text}' is ignored`;
    default:
      return undefined;
  }
}
