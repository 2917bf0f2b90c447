// Lines of events, ours against Falco's: time, type, thread and all parameters as text.
// In: a trace. Out: a tally by part of the line.

import { canonical, type EventLine, parseAlert, readEventLines } from "./recordings.ts";
import { printingRule, runTrace } from "./our_run.ts";
import { Tally } from "./tally.ts";

const PARTS = { rawTime: "evt.rawtime", type: "evt.type", tid: "thread.tid", args: "evt.args" } as const;

export async function compareEventLines(folder: URL, trace: string): Promise<Tally> {
  const recorded = readEventLines(folder, trace);
  const numbers = [...recorded.keys()].map(Number);
  const first = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const last = numbers.reduce((a, b) => Math.max(a, b), 0);
  const tally = new Tally();
  if (recorded.size === 0) return tally;
  const output = Object.values(PARTS).map((name) => `%${name}`).join(" ");
  await runTrace({
    trace: new URL(`${trace}.scap`, folder),
    rules: [printingRule(`evt.num >= ${first} and evt.num <= ${last}`, output)],
    matching: "first",
    onAlert: (line, { eventNumber }) => {
      const event = String(eventNumber);
      const falco = recorded.get(event);
      recorded.delete(event);
      compareLine(tally, { trace, event, type: falco?.type ?? "" }, falco, lineOf(parseAlert(line)));
    },
  });
  for (const [event, falco] of recorded) {
    compareLine(tally, { trace, event, type: falco.type }, falco, undefined);
  }
  return tally;
}

function lineOf({ output_fields: fields }: Readonly<Record<string, unknown>>): EventLine {
  const values = fields as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = values[name];
    return value === null || value === undefined
      ? "<NA>"
      : typeof value === "string"
      ? value
      : canonical(value);
  };
  return {
    rawTime: text(PARTS.rawTime),
    type: text(PARTS.type),
    tid: text(PARTS.tid),
    args: text(PARTS.args),
  };
}

function compareLine(
  tally: Tally,
  place: { readonly trace: string; readonly event: string; readonly type: string },
  falco: EventLine | undefined,
  ours: EventLine | undefined,
): void {
  tally.compare("line", { ...place, falco: falco && harmless(falco), ours: ours && harmless(ours) });
}

/** As one text; outputs of ours replace control characters, these lines of Falco's do not. */
function harmless({ rawTime, type, tid, args }: EventLine): string {
  return `${rawTime} ${type} ${tid} ${args}`
    .replace(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu, "\ufffd");
}
