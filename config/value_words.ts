// What messages and docs say about values: what a setting takes, and what was written instead.
// In: definitions, nodes. Out: words. Elsewhere: reading values (config/value.ts).

import type { YamlNode } from "../rules/mod.ts";
import { durationText } from "../base/mod.ts";
import type { Definition } from "./definition.ts";

/** What a value has to be, in words: "a whole number from 1 to 10". */
export function expected(definition: Definition): string {
  switch (definition.type) {
    case "bool":
      return "true or false";
    case "int":
      return `a whole number from ${definition.min} to ${definition.max}`;
    case "number":
      return `a number from ${definition.min} to ${definition.max}`;
    case "duration":
      return `a time from ${durationText(definition.min)} to ${
        durationText(definition.max)
      }, such as 500ms, 30s or 1h`;
    case "choice":
      return oneOfText(definition.choices);
    case "text":
      return "a text";
    case "texts":
      return definition.choices === undefined
        ? "a text or a list of texts"
        : `a list of ${definition.choices.join(", ")}`;
    case "list":
      return "a list";
    case "any":
      return "anything";
    case "map":
    case "record":
    case "tagged":
      return "a mapping";
  }
}

export function oneOfText(words: readonly string[]): string {
  return `one of ${words.join(", ")}`;
}

export function show(node: YamlNode): string {
  switch (node.kind) {
    case "scalar":
      return `"${short(node.value)}"`;
    case "sequence":
      return "a list";
    case "map":
      return "a mapping";
    case "null":
      return "nothing";
  }
}

export function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
