// JSON for people's eyes and programs, in lines, harmless on a terminal.

import { escapeJson } from "../../base/mod.ts";

export function prettyJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2).split("\n").map(escapeJson).join("\n")}\n`;
}
