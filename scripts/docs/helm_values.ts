// The page docs/helm-values.md: every value of Falco's chart, and what the chart here makes of it.
// In: the table of values (values_table.ts), the chart's own values. Out: Markdown. Elsewhere: writing the page
// (scripts/docs.ts), how the chart is used (docs/kubernetes.md).

import { parse } from "yaml";
import { code, prose, table } from "./markdown.ts";
import { CHART, harmlessReason, settingOf, type ValueRow, VALUES_TABLE } from "./values_table.ts";

const INTRODUCTION = `# Values of the Helm chart

<!-- written by scripts/docs.ts from deploy/helm/falco/values_table.yaml -->

The chart takes the values of Falco's chart (9.1.0) under their names: \`helm upgrade falco deploy/helm/falco -f\` a values
file that was written for Falco's chart gives a running DaemonSet. Each value is one of these:

- **supported**: it does what it does in Falco's chart.
- **refused**, but for the values that are named: helm renders nothing and says why, because a detection or an alert would be
  lost. The release that runs goes on running.
- **harmless**: it changes nothing, and nothing is lost. NOTES, which helm prints after an installation, name those that are
  not as in Falco's chart.

Names that neither chart has, and values of the wrong type, are refused by \`values.schema.json\`, also below \`falco\`, where
it knows the settings ([configuration.md](configuration.md)). Names that begin with \`x-\`, and \`global\`, are left alone.
`;

export function helmValuesPage(): string {
  const { harmless, former, together, values, undeclared } = VALUES_TABLE;
  const reasons = (entries: Readonly<Record<string, string>>) =>
    table(["Value", "Why"], Object.entries(entries).map(([name, reason]) => [code(name), prose(reason)]));
  return [
    INTRODUCTION,
    "## Refused because of other values\n",
    ...table(["Check", "Message"], Object.entries(together).map(([name, text]) => [code(name), prose(text)])),
    "\n## Harmless\n",
    ...reasons(harmless),
    "\nSettings of `falco.yaml` that change nothing are marked in the last table. What older versions of Falco's chart had is " +
    "harmless as well:\n",
    ...reasons(former),
    "\n## What Falco's chart does not declare\n",
    "Its templates read these, or older versions did:\n",
    ...table(["Value", "Here"], undeclared.map((row) => [code(row.name), fate(row)])),
    `\n## All ${values.length} values of Falco's chart\n`,
    ...valuesTable(values),
    "",
  ].join("\n");
}

function valuesTable(rows: readonly ValueRow[]): string[] {
  const own = parse(Deno.readTextFileSync(`${CHART}/values.yaml`));
  return table(
    ["Value", "Falco's default", "Default here", "Here"],
    rows.map((row) => {
      const ours = row.name.split(".").reduce((at, name) => at?.[name], own);
      const isSame = ours === undefined || JSON.stringify(ours) === JSON.stringify(row.default);
      return [code(row.name), written(row.default), isSame ? "" : written(ours), fate(row)];
    }),
  );
}

function fate(row: ValueRow): string {
  const { allowed, when, reason } = row;
  const harmless = harmlessReason(row);
  if (allowed !== undefined) {
    const condition = when === undefined ? "" : ` (unless ${code(when)} is false)`;
    return `refused${condition} but for ${code(allowed)}: ${prose(reason!)}`;
  }
  if (harmless !== undefined) {
    return settingOf(row) === undefined ? "harmless" : `harmless: ${prose(harmless)}`;
  }
  return reason === undefined ? "supported" : `supported: ${prose(reason)}`;
}

function written(value: unknown): string {
  return value === null ? "" : code(JSON.stringify(value));
}
