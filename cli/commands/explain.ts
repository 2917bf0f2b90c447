// `falco explain RULE`: why a rule did or did not match the events of a recording, or of a command while it runs.
// In: the rule's name, the words of a command, flags. Out: the exit code: 0 when the rule matched, 1 when it did not.
// Elsewhere: the explanation itself (ruletest/).

import { UsageError } from "../../base/mod.ts";
import { readSource } from "../../rules/mod.ts";
import { createRunLog, examineRules, planRun, type RunOptions } from "../../service/loading/mod.ts";
import { jsonText } from "../terminal/json_text.ts";
import { printText } from "../terminal/print_text.ts";

export interface ExplainCommandOptions extends RunOptions {
  readonly trace?: string;
  readonly event?: number;
  readonly alert?: string;
  readonly json?: true;
  readonly full?: true;
}

export async function explain(words: readonly string[], options: ExplainCommandOptions): Promise<number> {
  const { trace, event, alert, json, full, ...run } = options;
  const [name, ...command] = words;
  refuseMisfits(name, command, options);
  const plan = planRun(run);
  const log = createRunLog(plan);
  const loaded = examineRules(plan);
  // late: help does without the engine
  const ruletest = await import("../../ruletest/mod.ts");
  const print = (value: unknown, text: () => string) =>
    printText(`${(json === true ? jsonText(value) : text()).trimEnd()}\n`);
  const given = alert === undefined ? undefined : ruletest.readAlertText(textOf(alert));
  if (given !== undefined && trace === undefined) {
    const explanation = ruletest.explainAlert(loaded, given);
    await print(explanation, () => ruletest.alertExplanationText(explanation, full === true));
    return 0;
  }
  const explanation = await ruletest.explainRule({
    loaded,
    settings: plan.settings,
    // what is usual is no part of an answer
    log: (level, ...words) => level === "info" || level === "debug" ? undefined : log(level, ...words),
    rule: given?.rule ?? name!,
    ...trace === undefined ? {} : { trace },
    ...command.length === 0 ? {} : { command },
    ...event === undefined ? eventOf(given?.fields) : { event: BigInt(event) },
  });
  await print(explanation, () => ruletest.explanationText(explanation, full === true));
  return explanation.matches > 0 ? 0 : 1;
}

/** The event of an alert whose output has its number. */
function eventOf(fields: Readonly<Record<string, unknown>> = {}): { event?: bigint } {
  const number = fields["evt.num"];
  return typeof number === "number" && Number.isSafeInteger(number) ? { event: BigInt(number) } : {};
}

function refuseMisfits(
  name: string | undefined,
  command: readonly string[],
  { trace, event, alert }: ExplainCommandOptions,
): void {
  const wrong: string[] = [];
  if (alert === undefined && name === undefined) {
    wrong.push("falco explain needs the name of a rule, or --alert");
  }
  if (alert !== undefined && name !== undefined) {
    wrong.push("--alert names the rule itself: leave the name out");
  }
  if (command.length > 0 && trace !== undefined) wrong.push("--trace and a command exclude each other");
  if (event !== undefined && trace === undefined) wrong.push("--event is a number of --trace");
  if (alert === undefined && name !== undefined && trace === undefined && command.length === 0) {
    wrong.push("nothing to explain with: name a recording with --trace, or a command after --");
  }
  if (wrong.length > 0) throw new UsageError(wrong);
}

/** @param path `-` is standard input */
function textOf(path: string): string {
  const read = readSource(path);
  if (!("source" in read)) throw new UsageError([`cannot read the alert in ${path}: ${read.reason}`]);
  return read.source.text;
}
