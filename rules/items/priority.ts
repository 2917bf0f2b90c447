// The priority of a rule.
// In: the item's mapping. Out: the priority, or a finding that names the likely one.

import { didYouMean, PRIORITIES, type Priority } from "../../base/mod.ts";
import { type MapReader, short } from "../yaml/decode.ts";

export function readPriority(reader: MapReader): Priority | undefined {
  const scalar = reader.scalar("priority");
  if (scalar === undefined) return undefined;
  const priority = priorityOf(scalar.value);
  if (priority !== undefined) return priority;
  return reader.fail("invalid-priority", scalar.span, `\`${short(scalar.value)}\` is not a priority`, {
    notes: [`The priorities are ${PRIORITIES.join(", ")}.`],
    hint: likelyPriority(scalar.value),
  });
}

/** Words that other programs have for them. */
const OTHER_PRIORITIES: Readonly<Record<string, Priority>> = {
  fatal: "Emergency",
  panic: "Emergency",
  high: "Critical",
  severe: "Critical",
  medium: "Warning",
  low: "Notice",
  verbose: "Debug",
  trace: "Debug",
};

function likelyPriority(text: string): string | undefined {
  // the numbers of syslog
  const [numbered] = /^[0-7]$/.test(text) ? [PRIORITIES[Number(text)]!] : [];
  if (numbered !== undefined) return `did you mean \`${numbered}\`?`;
  const lower = text.toLowerCase();
  const likely = OTHER_PRIORITIES[lower] ??
    (lower.length < 3 ? undefined : PRIORITIES.find((word) => word.toLowerCase().startsWith(lower)));
  return likely === undefined ? didYouMean(text, [...PRIORITIES, "Info"]) : `did you mean \`${likely}\`?`;
}

/** Case does not matter; Info stands for Informational. */
function priorityOf(text: string): Priority | undefined {
  const lower = text.toLowerCase();
  if (lower === "info") return "Informational";
  return PRIORITIES.find((priority) => priority.toLowerCase() === lower);
}
