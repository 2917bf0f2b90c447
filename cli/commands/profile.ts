// `falco profile`: what each rule costs, on this host for some seconds or on a recording.
// In: flags. Out: the exit code.
// Elsewhere: measuring, the table and the page (ruletest/).

import { EnvironmentError, messageOf } from "../../base/mod.ts";
import { createRunLog, planRun, readRules, type RunOptions } from "../../service/loading/mod.ts";
import { jsonText } from "../terminal/json_text.ts";
import { printText } from "../terminal/print_text.ts";

export interface ProfileCommandOptions extends RunOptions {
  readonly trace?: string;
  readonly duration?: number;
  readonly json?: true;
  readonly html?: string;
  readonly full?: true;
}

const USUAL_SECONDS = 10;

export async function profile(options: ProfileCommandOptions): Promise<number> {
  const { trace, duration = USUAL_SECONDS, json, html, full, ...run } = options;
  const plan = planRun(run);
  const log = createRunLog(plan);
  // what could be better about them is for falco check
  const loaded = readRules(plan, () => {});
  // late: help does without the engine
  const { profilePage, profileRules, profileText } = await import("../../ruletest/mod.ts");
  const found = await profileRules({
    loaded,
    settings: plan.settings,
    // what is usual is no part of an answer
    log: (level, message) => level === "info" || level === "debug" ? undefined : log(level, message),
    durationMs: duration * 1000,
    ...trace === undefined ? {} : { trace },
  });
  if (html !== undefined) writePage(html, profilePage(found));
  const text = json === true ? jsonText(found) : profileText(found, full === true);
  await printText(`${text.trimEnd()}\n`);
  return 0;
}

function writePage(path: string, page: string): void {
  try {
    Deno.writeTextFileSync(path, page);
  } catch (error) {
    throw new EnvironmentError({
      problem: `Cannot write the page ${path}`,
      tried: [],
      found: [messageOf(error)],
      remedy: ["name a file that can be written with --html"],
    }, error);
  }
}
