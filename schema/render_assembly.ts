// The schema's numbers as AssemblyScript constants for the matcher.
// In: schema data. Out: the text of assembly/generated/events.ts.
// Elsewhere: names and parameter lists, which need memory (schema/render_tables.ts).

import {
  CURRENT_EVENTS,
  EVENT_CATEGORIES,
  EVENT_COUNT,
  EVENT_FLAGS,
  EVENT_SOURCES,
  eventConstant,
} from "./events.ts";
import { FLAG_TABLES, flagConstant, OTHER_CONSTANTS } from "./flags.ts";

/** One constant that costs nothing in the compiled module. */
export function inlineConstant(name: string, type: string, value: number): string {
  return `// @ts-ignore: decorator\n@inline export const ${name}: ${type} = ${value};`;
}

export function renderAssemblyConstants(banner: string): string {
  const lines = [
    banner,
    "// Import these by name: the compiler fails without a message when an entry file re-exports them with `export *`.",
    "",
    "// Event codes of the current versions.",
  ];
  for (const event of CURRENT_EVENTS) lines.push(inlineConstant(eventConstant(event), "u16", event.code));
  lines.push("", inlineConstant("EVENT_COUNT", "u32", EVENT_COUNT));

  lines.push("", "// Flags of events.");
  for (const [name, value] of Object.entries(EVENT_FLAGS)) {
    lines.push(inlineConstant(`EF_${name}`, "u32", value));
  }

  lines.push("", "// Categories of events: the low bits, then the kinds of source.");
  for (const [name, value] of Object.entries(EVENT_CATEGORIES)) {
    lines.push(inlineConstant(`EC_${name.toUpperCase()}`, "u32", value));
  }
  for (const [name, value] of Object.entries(EVENT_SOURCES)) {
    if (name !== "-") lines.push(inlineConstant(`EC_${name.toUpperCase()}`, "u32", value));
  }

  for (const table of FLAG_TABLES) {
    lines.push("", `// ${table.name}`);
    for (const [name, value] of table.entries) {
      lines.push(inlineConstant(flagConstant(table, name), "u32", value));
    }
  }
  lines.push("", "// Values that are never printed by name.");
  for (const [name, value] of OTHER_CONSTANTS) {
    lines.push(inlineConstant(name, value < 0 ? "i64" : "u32", value));
  }
  lines.push("");
  return lines.join("\n");
}
