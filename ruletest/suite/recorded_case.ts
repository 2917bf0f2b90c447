// A case made of what happened on a host: the text that `falco test --record` writes.
// In: a name, the capture file, what fired when it was replayed. Out: the entry of a test file.

import type { SeenAlert } from "../run/seen_alert.ts";

/** @param isNew the file has no cases so far */
export function recordedCase(
  { name, capture, command, alerts, isNew, rules }: {
    name: string;
    /** path from the test file */
    capture: string;
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
    "    events:",
    `      - scap: ${quote(capture)}`,
    ...expected,
    "",
  ].join("\n");
}
