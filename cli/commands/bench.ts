// `falco bench`: what falco costs on this host.
// In: flags. Out: the exit code.
// Elsewhere: measuring, the tables (hostbench/).

import { createRunLog, planRun, readRules, type RunOptions } from "../../service/loading/mod.ts";
import { jsonText } from "../terminal/json_text.ts";
import { printText } from "../terminal/print_text.ts";

export interface BenchCommandOptions extends RunOptions {
  readonly duration?: number;
  readonly json?: true;
  readonly make?: string;
}

const USUAL_SECONDS = 5;

export async function bench(options: BenchCommandOptions): Promise<number> {
  const { duration = USUAL_SECONDS, json, make, ...run } = options;
  // late: help does without the engine
  const { benchHost, benchText, makeCalls } = await import("../../hostbench/mod.ts");
  if (make !== undefined) {
    makeCalls(make);
    return 0;
  }
  const plan = planRun(run);
  const log = createRunLog(plan);
  const found = await benchHost({
    // what could be better about them is for falco check
    loaded: readRules(plan, () => {}),
    settings: plan.settings,
    // what is usual is no part of an answer
    log: (level, message) => level === "info" || level === "debug" ? undefined : log(level, message),
    floodSeconds: duration,
  });
  await printText(`${(json === true ? jsonText(found) : benchText(found)).trimEnd()}\n`);
  return 0;
}
