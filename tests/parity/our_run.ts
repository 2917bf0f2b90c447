// What we say about a trace, the whole way: rules are loaded, compiled and run by the engine, and alerts are written.
// In: a trace, rules, how they match. Out: the alerts and their lines. Elsewhere: what Falco said (recordings.ts).

import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { createAlertFormatter, type LineStyle } from "../../alerts/alert_formatter.ts";
import { compileRules } from "../../rules/compile.ts";
import { hasErrors } from "../../rules/diagnostics/diagnostic.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { loadRules } from "../../rules/load.ts";
import type { RuleSelection } from "../../rules/items/selection.ts";
import { readSource } from "../../rules/read_source.ts";
import { makeSource } from "../../rules/text/source.ts";
import type { Source } from "../../rules/text/span.ts";

export interface RunOptions {
  readonly trace: URL;
  readonly rules: readonly Source[];
  readonly matching: "first" | "all";
  readonly selection?: readonly RuleSelection[];
  /** called for each alert with its line, as JSON */
  readonly onAlert: (line: string, alert: Alert) => void;
}

/** As the recorded runs were set up. */
const STYLE: LineStyle = {
  json: true,
  includeOutput: true,
  includeMessage: true,
  includeOutputFields: true,
  includeTags: true,
  isoTime: false,
  base64: false,
  hostname: "node1",
};

export async function runTrace(
  { trace, rules, matching, selection = [], onAlert }: RunOptions,
): Promise<void> {
  const loaded = loadRules(rules, { priority: "Debug", ruleSelection: selection });
  if (hasErrors(loaded.diagnostics)) {
    throw new Error(`The rules are not valid:\n${renderDiagnostics(loaded.diagnostics, { colour: false })}`);
  }
  const compiled = compileRules(loaded.rules, { matching });
  const format = createAlertFormatter(compiled.rules, STYLE);
  const onAlerts = (alerts: readonly Alert[]) => {
    for (const alert of alerts) onAlert(format(alert), alert);
  };
  const source = { kind: "replay", path: trace.pathname } as const;
  const engine = await Engine.start({ rules: compiled, source, onAlerts });
  await engine.ended;
}

export function readRules(folder: URL, files: readonly string[]): Source[] {
  return files.map((file) => {
    const result = readSource(new URL(file, folder).pathname);
    if ("source" in result) return result.source;
    throw new Error(`Cannot read the rules ${result.path}: ${result.reason}`);
  });
}

/** One rule that prints something of every event that the condition takes. */
export function printingRule(condition: string, output: string): Source {
  const rule = { rule: "print", desc: "prints", condition, output, priority: "DEBUG" };
  return makeSource("parity.yaml", JSON.stringify([rule]));
}
