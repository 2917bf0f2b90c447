// Alerts of a trace, ours against Falco's: which, in which order, and every key of each.
// In: a trace and a variant of rules. Out: a tally whose names are the alerts and their keys.

import { UPSTREAM_FOLDER } from "../support/upstream.ts";
import { canonical, parseAlert, readAlerts } from "./recordings.ts";
import { readRules, runTrace } from "./our_run.ts";
import { Tally } from "./tally.ts";

const STABLE = ["falco_rules.yaml"];
const ALL = [...STABLE, "falco-incubating_rules.yaml", "falco-sandbox_rules.yaml"];

export const VARIANTS = [
  { name: "stable.first", rules: STABLE, matching: "first", selection: [] },
  { name: "all.first", rules: ALL, matching: "first", selection: [] },
  { name: "all.all", rules: ALL, matching: "all", selection: [] },
  { name: "all.enabled", rules: ALL, matching: "all", selection: [{ action: "enable", rule: "*" }] },
] as const;

export type Variant = typeof VARIANTS[number];

type Parsed = ReturnType<typeof parseAlert>;

export async function compareAlerts(folder: URL, trace: string, variant: Variant): Promise<Tally> {
  const falco = readAlerts(folder, trace, variant.name).map(parseAlert);
  const ours: Parsed[] = [];
  await runTrace({
    trace: new URL(`${trace}.scap`, folder),
    rules: readRules(new URL(`file://${UPSTREAM_FOLDER}rules/`), variant.rules),
    matching: variant.matching,
    selection: variant.selection,
    onAlert: (line) => ours.push(parseAlert(line)),
  });
  const tally = new Tally();
  // alerts meet by time and rule; of those that are alike, in their order
  const waiting = Map.groupBy(ours, identity);
  for (const expected of falco) {
    const found = waiting.get(identity(expected))?.shift();
    tally.compare("alert", { ...place(trace, expected), falco: "reported", ours: found && "reported" });
    if (found !== undefined) compareKeys(tally, trace, expected, found);
  }
  for (const surplus of [...waiting.values()].flat()) {
    tally.compare("alert", { ...place(trace, surplus), falco: undefined, ours: "reported" });
  }
  const order = (alerts: readonly Parsed[]) => alerts.map(identity).join("\n");
  const event = { trace, event: "", type: "all alerts" };
  tally.compare("order", {
    ...event,
    falco: "as Falco",
    ours: order(falco) === order(ours) ? "as Falco" : "another",
  });
  return tally;
}

function compareKeys(tally: Tally, trace: string, expected: Parsed, found: Parsed): void {
  for (const [key, value] of flat(expected)) {
    tally.compare(key, { ...place(trace, expected), falco: value, ours: flat(found).get(key) });
  }
  for (const [key, value] of flat(found)) {
    // a message is the output without its head; the recorded runs were told not to print it
    if (key === "message" || flat(expected).has(key)) continue;
    tally.compare(key, { ...place(trace, expected), falco: undefined, ours: value });
  }
}

/** All keys, those of output_fields besides the others. */
function flat(alert: Parsed): Map<string, string> {
  const { output_fields: fields, ...others } = alert;
  const entries = [...Object.entries(others), ...Object.entries(fields ?? {})];
  return new Map(entries.map(([key, value]) => [key, canonical(value)]));
}

function identity({ time, rule }: Parsed): string {
  return `${time} ${rule}`;
}

function place(trace: string, { time, rule }: Parsed) {
  return { trace, event: String(time), type: String(rule) };
}
