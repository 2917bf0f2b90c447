// What the processes of a recording did, as far as rules look at it: the material of a case in words.
// In: a capture file, the types of events that rules look at. Out: one entry for each event, with the values of its fields.
// The engine reads the recording, by rules that match everything and report what a word needs. Elsewhere: the words (words_of.ts).

import { loadRules, makeSource, Report } from "../../rules/mod.ts";
import { CURRENT_EVENTS, type EventDef, type ParamDef } from "../../schema/mod.ts";
import { Bench } from "../run/bench.ts";
import { resultParam } from "../scenario/event_defaults.ts";
import { eventOf } from "../scenario/words/any_event.ts";
import { readTestFile } from "../suite/read_file.ts";

export interface Happening {
  readonly event: EventDef;
  /** values by field; what an event does not have is absent */
  readonly values: ReadonlyMap<string, string>;
}

/** These become words for programs, and tell who is whose child. */
export const PROGRAM_EVENTS = ["execve", "execveat"];
/** Processes are made by the words for programs. */
const WITHOUT_WORD = new Set([...PROGRAM_EVENTS, "clone", "clone3", "fork", "vfork", "procexit"]);
export const MAX_ARGS = 32;
export const MAX_ANCESTORS = 6;
/** What the probe tells beyond Falco's parameters: fd.realname. */
const REALPATH = "realpath";
const numbered = (field: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${field}[${from + at}]`);
const ABOUT = [
  ...["evt.rawtime", "evt.res", "proc.pid", "proc.name", "proc.exe", "proc.exepath", "proc.cwd"],
  ...numbered("proc.apid", 1, MAX_ANCESTORS + 1),
  ...numbered("proc.aname", 1, MAX_ANCESTORS + 1),
  ...["proc.tty", "user.name", "user.uid", "user.loginname", "user.loginuid", "container.id"],
];
const ABOUT_PROGRAM = [
  ...["evt.arg.filename", "proc.args", ...numbered("proc.args", 0, MAX_ARGS)],
  ...numbered("proc.aexepath", 1, MAX_ANCESTORS + 1),
];
const ABOUT_FILE = ["fd.name", "fd.realname", "fd.rip", "fd.rport", "fd.sip", "fd.sport", "fd.l4proto"];

/** @param codes of the events that rules look at */
export async function happeningsOf(capture: string, codes: readonly number[]): Promise<Happening[]> {
  const wanted = new Map(
    CURRENT_EVENTS.filter(({ code, name }) => codes.includes(code) && !WITHOUT_WORD.has(name))
      .flatMap(({ name }): [string, EventDef][] => {
        const event = eventOf(name);
        return event === undefined || event.name !== name ? [] : [[name, event]];
      }),
  );
  for (const name of PROGRAM_EVENTS) wanted.set(name, eventOf(name)!);
  const text = [...wanted].map(([name, event]) => ruleFor(name, fieldsOf(event))).join("");
  const loaded = loadRules([{ path: "happenings.yaml", text }], { lint: false });
  const [mistake] = loaded.diagnostics.filter(({ severity }) => severity === "error");
  if (mistake !== undefined) throw new Error(`Internal error: ${mistake.message}`);
  const bench = new Bench(loaded, "all", false);
  const alerts = await bench.run(testOf(capture));
  return alerts.map(({ rule, fields }) => ({
    event: wanted.get(rule)!,
    values: new Map(
      [...fields].flatMap(([key, value]) => value === undefined ? [] : [[key, value] as const]),
    ),
  }));
}

/** How a parameter is asked for: numbers as they are, what has names by them. */
export function fieldOf({ name, type }: ParamDef): string {
  return `${
    /^(?:enum)?flags|buf$|path$|array$|^sigtype$|^sock|^dyn$/.test(type) ? "evt.arg" : "evt.rawarg"
  }.${name}`;
}

function fieldsOf(event: EventDef): readonly string[] {
  if (PROGRAM_EVENTS.includes(event.name)) return [...ABOUT, ...ABOUT_PROGRAM];
  const result = resultParam(event);
  return [
    ...ABOUT,
    ...ABOUT_FILE,
    ...event.params.filter((param) => param !== result && param.name !== REALPATH).map(fieldOf),
  ];
}

function ruleFor(type: string, fields: readonly string[]): string {
  const output = fields.map((field) => `%${field}`).join(" ");
  return `- rule: ${type}\n  desc: a word\n  condition: evt.type = ${type}\n  output: ${
    JSON.stringify(output)
  }\n` +
    "  priority: DEBUG\n";
}

function testOf(capture: string) {
  const text = `cases: [{name: recorded, events: [{scap: ${JSON.stringify(capture)}}], expect: nothing}]\n`;
  return readTestFile(makeSource("happenings.test.yaml", text), new Report()).cases[0]!;
}
