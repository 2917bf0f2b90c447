// A case made of what happened on a host: the text that `falco test --record` writes.
// In: a name, what happened (in words, or a capture file), what fired when it was replayed. Out: the entry of a test file.

import type { Json, Words } from "./words_of.ts";
import type { SeenAlert } from "../run/seen_alert.ts";

const WIDTH = 100;

/** @param isNew the file has no cases so far */
export function recordedCase(
  { name, events, command, alerts, isNew, rules }: {
    name: string;
    /** in words, or the path from the test file to the capture */
    events: Words | string;
    command: readonly string[];
    alerts: readonly SeenAlert[];
    isNew: boolean;
    rules: readonly string[];
  },
): string {
  const quote = (text: string) => JSON.stringify(text);
  const counts = new Map<string, { priority: string; times: number }>();
  for (const { rule, priority } of alerts) {
    counts.set(rule, { priority, times: (counts.get(rule)?.times ?? 0) + 1 });
  }
  const expected = counts.size === 0 ? ["    expect: nothing"] : [
    "    expect:",
    "      fired:",
    ...[...counts].map(([rule, { priority, times }]) =>
      `        - {rule: ${quote(rule)}, times: ${times}, priority: ${priority}}`
    ),
    "      nothing_else: true",
  ];
  const head = isNew
    ? [...rules.length > 0 ? [`rules: [${rules.map(quote).join(", ")}]`] : [], "cases:"]
    : [];
  return [
    ...head,
    `  - name: ${quote(name)}`,
    `    # recorded while this ran: ${command.join(" ").replace(/[^\x20-\x7e]/g, "?")}`,
    ...typeof events === "string" ? ["    events:", `      - scap: ${quote(events)}`] : wordLines(events),
    ...expected,
    "",
  ].join("\n");
}

function wordLines({ users, process, events }: Words): string[] {
  return [
    ...Object.keys(users).length === 0 ? [] : [`    users: ${inline(users)}`],
    `    process:`,
    ...block(process, 6),
    "    events:",
    ...events.map((event) => `      - ${inline(event)}`),
  ];
}

/** A mapping with an entry on each line, those within it where they are too long for one. */
function block(value: Json, indent: number): string[] {
  return Object.entries(value as Record<string, Json>).flatMap(([key, inner]) => {
    const line = `${" ".repeat(indent)}${key}: ${inline(inner)}`;
    const isLong = line.length > WIDTH && typeof inner === "object" && inner !== null &&
      !Array.isArray(inner);
    return isLong ? [`${" ".repeat(indent)}${key}:`, ...block(inner, indent + 2)] : [line];
  });
}

/** As YAML on one line. */
function inline(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value === "string" ? plain(value) : String(value);
  const entries = Object.entries(value).map(([key, inner]) => `${plain(key)}: ${inline(inner)}`);
  return `{${entries.join(", ")}}`;
}

/** In quotes where YAML would read something else, or `${…}` a value. */
function plain(text: string): string {
  const isPlain = /^[A-Za-z_/.][\w /.=|@%+-]*$/.test(text) && text === text.trim() &&
    !/^(true|false|yes|no|null|on|off|y|n|~|\.inf|\.nan)$/i.test(text) && !/^[\d.]+$/.test(text);
  return isPlain ? text : JSON.stringify(text).replace(/\$\{/g, "$$$${");
}
