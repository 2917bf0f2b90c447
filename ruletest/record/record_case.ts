// A recording becomes a case in words, where words say the same: the rules give the same alerts for both.
// In: a capture file, rules, what they say of the recording. Out: the words, or why the case keeps the recording.
// Elsewhere: what happened (happenings.ts), its words (words_of.ts), the text of the case (recorded_case.ts).

import { makeSource, renderDiagnostics, Report } from "../../rules/mod.ts";
import { makeBenches } from "../run/benches.ts";
import { RulesFiles } from "../run/rules_files.ts";
import type { SeenAlert } from "../run/seen_alert.ts";
import { readTestFile } from "../suite/read_file.ts";
import { type Happening, happeningsOf, MAX_ANCESTORS, PROGRAM_EVENTS } from "./happenings.ts";
import { NoWords, type Words, wordsOf } from "./words_of.ts";

export type CaseInWords = { readonly words: Words } | { readonly problem: string };

/** A case is read by people. */
const MAX_STEPS = 200;
/** What words make up, and what no run repeats. */
const MADE_UP =
  /^(evt\.(num|.*time|args|info|deltatime|latency)|thread\.|.*\b[av]?p?(pid|sid|pgid|vpgid|tid)\b|fd\.[cl]?port$|fd\.[cl]ip$|fd\.num|proc\.(env|aenv|duration|.*_ts)|container\.(?!id))/;
const NSCD = "/var/run/nscd/socket";
/** Every program opens these when it begins, or asks for users. */
const LOADED =
  /^\/(usr\/)?lib(64)?\/|^\/etc\/ld\.so|^\/usr\/share\/(locale|zoneinfo)\/|^\/etc\/(localtime|nsswitch\.conf)$|^\/(proc|sys)\/|^\/dev\/(null|tty)$/;

export async function caseInWords(
  capture: string,
  rules: readonly string[],
  codes: readonly number[],
  recorded: readonly SeenAlert[],
): Promise<CaseInWords> {
  const happenings = await happeningsOf(capture, codes);
  const alerted = new Set(recorded.map(({ timeNs }) => String(timeNs)));
  const few = fewest(happenings, alerted);
  const most = happenings.filter((one) => few.includes(one) || !isLoaded(one));
  let problem = "";
  // what fired is what a case is about; without any alert all that happened is
  for (const chosen of alerted.size > 0 ? [few, most] : [most]) {
    for (const ancestors of [0, 2, MAX_ANCESTORS]) {
      const tried = await tryWords(chosen, ancestors, rules, recorded);
      if ("words" in tried) return tried;
      problem ||= tried.problem;
    }
  }
  return { problem };
}

async function tryWords(
  happenings: readonly Happening[],
  ancestors: number,
  rules: readonly string[],
  recorded: readonly SeenAlert[],
): Promise<CaseInWords> {
  if (happenings.length > MAX_STEPS) return { problem: `${happenings.length} events are too many for words` };
  try {
    const words = wordsOf(happenings, ancestors);
    const { alerts, mistakes } = await alertsOf(words, rules);
    const problem = mistakes || differenceOf(recorded, alerts);
    return problem === "" ? { words } : { problem };
  } catch (error) {
    if (error instanceof NoWords) return { problem: error.message };
    throw error;
  }
}

async function alertsOf({ users, process, events }: Words, rules: readonly string[]) {
  const text = JSON.stringify({
    rules,
    cases: [{ name: "in words", users, process, events, expect: "nothing" }],
  });
  const report = new Report();
  const { cases: [test] } = readTestFile(makeSource("words.test.yaml", text), report);
  const bench = test === undefined ? undefined : makeBenches([test], new RulesFiles(report), false).get(test);
  const found = report.sorted([]);
  if (bench === undefined || found.length > 0) {
    return { alerts: [], mistakes: found[0]?.message ?? renderDiagnostics(found) };
  }
  const alerts = await bench.run(test!);
  return { alerts: alerts.filter(({ rule }) => bench.isEnabled(rule)), mistakes: "" };
}

/** The first difference, in words; "": there is none. */
function differenceOf(recorded: readonly SeenAlert[], said: readonly SeenAlert[]): string {
  for (const [at, alert] of recorded.entries()) {
    const other = said[at];
    if (other?.rule !== alert.rule) {
      return `the rule \`${alert.rule}\` fires for the recording, and not at that place for the words`;
    }
    for (const [field, value] of alert.fields) {
      if (MADE_UP.test(field)) continue;
      const [a, b] = [value, other.fields.get(field)].map((text) => withoutLocalPort(text ?? ""));
      if (a !== b) return `\`${alert.rule}\`: ${field} is \`${a}\` in the recording, \`${b}\` in words`;
    }
  }
  const more = said[recorded.length];
  return more === undefined ? "" : `the rule \`${more.rule}\` fires for the words, and not for the recording`;
}

/** Of a connection's name, and of a container's id the part that is shown. */
function withoutLocalPort(text: string): string {
  return text.replace(/^.*->/, "->");
}

/** What fired, who did it, and the programs that led there. */
function fewest(happenings: readonly Happening[], alerted: ReadonlySet<string>): readonly Happening[] {
  const fired = happenings.filter((one) => alerted.has(one.values.get("evt.rawtime")!));
  const pids = new Set(fired.flatMap(({ values }) => lineOf(values)));
  const chosen = happenings.filter((one) =>
    fired.includes(one) || (pids.has(one.values.get("proc.pid")!) && isNeeded(one))
  );
  // a program that only started another one in its place says nothing
  return chosen.filter((one, at) => {
    const pid = one.values.get("proc.pid")!;
    const next = chosen.slice(at + 1).find(({ values }) => lineOf(values).includes(pid));
    return fired.includes(one) || !isProgram(one) || next === undefined || !isProgram(next) ||
      next.values.get("proc.pid") !== pid;
  });
}

/** A process and its ancestors. */
function lineOf(values: Happening["values"]): readonly string[] {
  const ancestors = Array.from({ length: MAX_ANCESTORS }, (_, at) => values.get(`proc.apid[${at + 1}]`));
  return [values.get("proc.pid"), ...ancestors].filter((pid) => pid !== undefined);
}

function isProgram({ event: { name } }: Happening): boolean {
  return PROGRAM_EVENTS.includes(name);
}

/** Programs, connections and identities decide what later events mean. */
function isNeeded({ event: { name }, values }: Happening): boolean {
  return PROGRAM_EVENTS.includes(name)
    ? values.get("evt.res") === "SUCCESS"
    : /^(connect|accept4?|bind|listen|set.*[ug]id|setns|unshare|chdir|fchdir|chroot|capset)$/.test(
      name,
    );
}

function isLoaded({ event: { name }, values }: Happening): boolean {
  if (PROGRAM_EVENTS.includes(name)) return true;
  // the words for connections make their sockets
  if (name === "socket") return /AF_(INET6?|UNIX)/.test(values.get("evt.arg.domain") ?? "");
  const path = values.get("fd.name") ?? values.get("evt.arg.name") ?? values.get("evt.arg.addr") ?? "";
  return /^(open(at2?)?|connect)$/.test(name) && (LOADED.test(path) || values.get("evt.arg.addr") === NSCD);
}
