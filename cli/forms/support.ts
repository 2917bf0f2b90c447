// `--support`: what to attach to a question about this program.
// In: flags. Out: one JSON document in a line, as Falco prints it. Rules and settings need not be right: that may be the
// question.
// Elsewhere: its content (service/support/support.ts).

import { supportDocument } from "../../service/support/mod.ts";
import { bundledBytes, planRun, type RunOptions } from "../../service/loading/mod.ts";
import { jsonText } from "../terminal/json_text.ts";

export function support(options: RunOptions): string {
  const { settings, rules, warnings, faults } = planRun(options, true);
  for (const warning of warnings) console.error(`Warning: ${warning}`);
  for (const { text } of faults) console.error(`Error: ${text}`);
  const rulesFiles = rules.map((name) => ({ name, bytes: bundledBytes(name) }));
  return jsonText(supportDocument({ settings, rulesFiles, args: Deno.args }), 0);
}
