// `falco doctor`: whether this host can be watched, and what to do where it cannot.
// In: flags. Out: a line for each finding, or JSON; 0 when live monitoring can run, else 1.
// Elsewhere: what is looked at (doctor/).

import type { Command } from "commander";
import { loadSettings } from "../../config/mod.ts";
import { sanitize, VERSION } from "../../base/mod.ts";
import type { Finding, Standing } from "../../doctor/mod.ts";
import { hostRoot } from "../../ffi/mod.ts";
import { addFlags } from "../flags.ts";
import { jsonText } from "../terminal/json_text.ts";

interface DoctorOptions {
  readonly c?: string;
  readonly option?: readonly string[];
  readonly json?: true;
  readonly selfTest: boolean;
  readonly makeEvents?: string;
}

const MAKER_FLAG = "--make-events";
const LABELS: Readonly<Record<Standing, string>> = { ok: "ok", warning: "warning", fail: "FAIL" };
const LABEL_WIDTH = 9;
const SUBJECT_WIDTH = 22;

export function addDoctorCommand(program: Command, done: (exitCode: number) => void): void {
  addFlags(program.command("doctor"), "doctor")
    .description("Finds out whether this host can be watched, and what to do where it cannot.")
    .action(async (options: DoctorOptions) => {
      if (options.makeEvents === undefined) return done(await doctor(options));
      const { makeEvents } = await import("../../doctor/mod.ts");
      console.log(JSON.stringify(makeEvents()));
    });
}

async function doctor({ c, option, json, selfTest }: DoctorOptions): Promise<number> {
  const findings: Finding[] = [];
  const tell = (finding: Finding) => {
    findings.push(finding);
    if (json !== true) linesOf(finding).forEach((line) => console.log(line));
  };
  const { settings, problems, warnings, missing } = loadSettings(c, option ?? []);
  const said = (standing: Standing) => (found: string) =>
    tell({
      subject: "settings",
      standing,
      found,
      remedy: standing === "fail" ? ["Correct them: falco list config tells all keys"] : [],
    });
  problems.forEach(said("fail"));
  [...warnings, ...missing].forEach(said("warning"));
  // late: help and other commands do without the engine and libbpf
  const { examine } = await import("../../doctor/mod.ts");
  for await (
    const finding of examine({
      settings,
      hostRoot: hostRoot(),
      withSelfTest: selfTest,
      flagOfMaker: MAKER_FLAG,
    })
  ) {
    tell(finding);
  }
  const failures = findings.filter(({ standing }) => standing === "fail").length;
  console.log(
    json === true
      ? jsonText({ ready: failures === 0, falco: VERSION, findings })
      : verdict(failures, findings.length),
  );
  return failures === 0 ? 0 : 1;
}

function verdict(failures: number, checks: number): string {
  if (failures === 0) return "\nThis host can be watched.";
  return `\nThis host cannot be watched: ${failures} of ${checks} checks failed.`;
}

function linesOf({ subject, standing, found, remedy }: Finding): string[] {
  const indent = " ".repeat(LABEL_WIDTH + SUBJECT_WIDTH);
  const [first = "", ...rest] = found.split("\n").map(sanitize);
  return [
    LABELS[standing].padEnd(LABEL_WIDTH) + subject.padEnd(SUBJECT_WIDTH - 1) + " " + first,
    ...rest.map((line) => indent + line),
    ...remedy.map((line) => `${indent}→ ${sanitize(line)}`),
  ];
}
