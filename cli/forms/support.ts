// `--support`: what to attach to a question about this program.
// In: flags. Out: one JSON document in a line, as Falco prints it. Rules need not be right: that may be the question.
// Elsewhere: its content (service/support.ts).

import { supportDocument } from "../../service/support.ts";
import { jsonText } from "../json_text.ts";
import { planRun, type RunOptions } from "../options.ts";
import { bundledBytes } from "../rules_paths.ts";

export function support(options: RunOptions): string {
  const { settings, rules, warnings } = planRun(options);
  for (const warning of warnings) console.error(`Warning: ${warning}`);
  const rulesFiles = rules.map((name) => ({ name, bytes: bundledBytes(name) }));
  return jsonText(supportDocument({ settings, rulesFiles, args: Deno.args }), 0);
}
