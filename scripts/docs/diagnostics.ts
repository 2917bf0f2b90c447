// The page docs/diagnostics.md: every finding about rules, why it is given, an example and what is said to it.
// In: the kinds of findings (rules/findings/). Out: Markdown. Elsewhere: writing the page (scripts/docs.ts).

import type { Finding, Severity } from "../../rules/findings/define.ts";
import { FINDINGS } from "../../rules/findings/registry.ts";
import { renderDiagnostic } from "../../rules/report/render.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

const INTRODUCTION = `# What falco says about rules

<!-- written by scripts/docs.ts from rules/findings/ -->

\`falco check FILE|FOLDER…\` reads rules files in the order given and shows every error and warning in all of them, each
with its id, its place, the reason and, where there is one, a hint. The same findings are shown when falco starts.

\`\`\`sh
falco check falco_rules.yaml local.d      # of a folder the .yml and .yaml files, sorted
cat rules.yaml | falco check -            # standard input
falco check --strict rules.d              # warnings are errors: for CI
falco check --format sarif rules.d        # for code hosts and editors; also: json
\`\`\`

Exit code: 0 without errors (warnings are allowed), 1 with errors, 2 for wrong use.

## Switching warnings off

With the flag \`--ignore ID\`, repeatable; an id of this page, or Falco's code, which stands for all ids of that code. Or
in the file, with a comment that names one or more of them:

\`\`\`yaml
# falco: ignore unused-list        ← at the head of the file, an empty line after it: for the whole file

# falco: ignore LOAD_NO_EVTTYPE    ← above an item: for that item
- rule: Any use of a name
  condition: proc.name = nc # falco: ignore shadowed-rule    ← within an item: for that item
\`\`\`

The arrows stand here for you, not in the file. A reason may follow two dashes: \`# falco: ignore unused-list -- used by
local.yaml\`. A comment holds wherever the file is loaded. Errors cannot be switched off.

## Forms

\`--format json\` prints one document: \`format\` (1), \`summary\` (\`files\`, \`rules\`, \`macros\`, \`lists\`, \`errors\`,
\`warnings\`, \`ignored\`) and \`diagnostics\`, each with \`id\`, \`falco_code\`, \`severity\` (\`error\`, \`warning\`, \`info\`),
\`title\`, \`message\`, \`notes\`, \`hint\` where there is one, \`file\`, \`line\`, \`column\`, \`end_line\`, \`end_column\` (from 1,
the end not included; absent when the whole file is meant), and \`related\` places of the same shape with a \`message\`.
\`fixes\` are what an editor would offer, the likeliest first: a \`title\`, \`safe\` when \`--fix\` writes it, and \`edits\`, places with the
\`text\` that takes their place. \`--format sarif\` prints SARIF 2.1.0, with the same fixes.

\`falco -V FILE\` prints what Falco's own validation prints, with \`-o json_output=true\` as JSON: lines and columns from 0,
Falco's codes, Falco's words where programs compare them. Falco stops at the first mistake of a file; here \`errors\` holds
all of them. Warnings that Falco has nothing like (*not in Falco* below) are left out there. All files are read before any
is evaluated: a macro that only a later file uses is not unused.
`;

const HEADINGS: readonly (readonly [Severity, string])[] = [
  ["error", "Errors"],
  ["warning", "Warnings"],
  ["info", "Given only when asked for"],
];

/** Longer examples say less than the sentence about them. */
const MAX_EXAMPLE = 400;

export function diagnosticsPage(): string {
  let text = INTRODUCTION;
  for (const [severity, heading] of HEADINGS) {
    const findings = FINDINGS.filter((finding) => finding.severity === severity);
    if (findings.length > 0) text += `\n## ${heading}\n${findings.map(section).join("")}`;
  }
  return text;
}

function section({ code, title, falco, severity, beyondFalco, why, example }: Finding): string {
  const falcoCode = beyondFalco === true ? `not in Falco (\`${falco}\`)` : `\`${falco}\``;
  let text = `\n### ${code}\n\n${capital(title)}. ${falcoCode}\n\n${wrap(why)}\n`;
  if (example !== undefined && example.length <= MAX_EXAMPLE) {
    text += `\n\`\`\`yaml\n${example}\`\`\`\n\n\`\`\`\n${shown(code, example)}\`\`\`\n`;
  }
  if (severity === "warning") text += `\nSwitch off: \`--ignore ${code}\`, or \`# falco: ignore ${code}\`.\n`;
  if (severity === "info") text += `\nSwitch on: \`--show ${code}\`.\n`;
  return text;
}

function shown(code: string, example: string): string {
  const { diagnostics } = loadRules([makeSource("example.yaml", example)]);
  const found = diagnostics.find((diagnostic) => diagnostic.code === code);
  if (found === undefined) throw new Error(`the example of ${code} does not give it: ${example}`);
  return renderDiagnostic(found);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function wrap(text: string): string {
  let line = 0;
  return text.split(" ").map((word, at) => {
    const fits = at === 0 || line + word.length < 118;
    line = fits ? line + word.length + 1 : word.length + 1;
    return at === 0 ? word : `${fits ? " " : "\n"}${word}`;
  }).join("");
}
