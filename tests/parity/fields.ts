// Fields of sampled events, ours against Falco's output_fields.
// In: a trace. Out: a tally by field.

import { parseValues, readFieldNames, readFields, type Values } from "./recordings.ts";
import { printingRule, runTrace } from "./our_run.ts";
import { Tally } from "./tally.ts";

export async function compareFields(folder: URL, trace: string): Promise<Tally> {
  const names = readFieldNames(folder);
  const recorded = readFields(folder, trace);
  const tally = new Tally();
  const rule = printingRule(
    `evt.num in (${[...recorded.keys()].join(", ")})`,
    names.map((name) => `%${name}`).join(" "),
  );
  await runTrace({
    trace: new URL(`${trace}.scap`, folder),
    rules: [rule],
    matching: "first",
    onAlert: (line, { eventNumber }) => {
      const event = String(eventNumber);
      const falco = recorded.get(event);
      if (falco === undefined) return;
      recorded.delete(event);
      compareEvent(tally, trace, names, falco, parseValues(outputFieldsOf(line)));
    },
  });
  for (const [event, falco] of recorded) {
    const type = falco.get("evt.type") ?? "";
    tally.compare("evt.num", { trace, event, type, falco: event, ours: undefined });
  }
  return tally;
}

function compareEvent(
  tally: Tally,
  trace: string,
  names: readonly string[],
  falco: Values,
  ours: Values,
): void {
  const event = falco.get("evt.num") ?? "", type = JSON.parse(falco.get("evt.type") ?? '""');
  for (const name of names) {
    if (isLeftOut(name, type, falco)) continue;
    tally.compare(name, {
      trace,
      event,
      type,
      falco: falco.get(name),
      ours: ours.get(name),
      recorded: falco,
    });
  }
}

/** What the recordings leave out because Falco prints stale bytes. */
function isLeftOut(name: string, type: string, falco: Values): boolean {
  return name === "evt.buffer" && !falco.has(name) &&
    (type === "ptrace" || /\bdata=NULL\b/.test(falco.get("evt.args") ?? ""));
}

/** The object as it was written: parsing it once more must not cost digits. */
function outputFieldsOf(line: string): string {
  const from = line.indexOf('"output_fields":{');
  return line.slice(from + '"output_fields":'.length, line.lastIndexOf(',"priority":'));
}
