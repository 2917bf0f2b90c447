// Writes the reference pages that are made of the tables the program uses: docs/fields.md, docs/events.md,
// docs/diagnostics.md, docs/configuration.md and docs/helm-values.md; and the Helm chart's files that come from tables.
// In: schema/, rules/diagnostics/, config/, deploy/helm/falco/values_table.yaml. Out: the pages; with --check, exit code 1 when one of them is out of date.
// Elsewhere: what is in them (docs/fields.ts, docs/events.ts …), the same on the command line (cli/list_*.ts).

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chartSchemaText, idleSettingsText } from "./docs/chart_schema.ts";
import { configurationPage } from "./docs/configuration.ts";
import { diagnosticsPage } from "./docs/diagnostics.ts";
import { eventsPage } from "./docs/events.ts";
import { fieldsPage } from "./docs/fields.ts";
import {
  customKindsText,
  INSTANCE_RULES,
  LEASE_RULES,
  OPERATOR_RULES,
  operatorBundle,
  rulesText,
} from "../operator/mod.ts";
import { VERSION } from "../base/mod.ts";
import { helmValuesPage } from "./docs/helm_values.ts";
import { testingRulesPage } from "./docs/testing_rules.ts";

const OPERATOR_CHART = "deploy/helm/falco-operator";
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Path below the project's root → text. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/fields.md", fieldsPage()],
    ["docs/events.md", eventsPage()],
    ["docs/diagnostics.md", diagnosticsPage()],
    ["docs/configuration.md", configurationPage()],
    ["docs/helm-values.md", helmValuesPage()],
    ["deploy/falco-operator.yaml", operatorBundle(`falco:${VERSION}`)],
    [`${OPERATOR_CHART}/crds/custom_kinds.yaml`, customKindsText()],
    [`${OPERATOR_CHART}/files/instance_rules.yaml`, rulesText(INSTANCE_RULES)],
    [`${OPERATOR_CHART}/files/lease_rules.yaml`, rulesText(LEASE_RULES)],
    [`${OPERATOR_CHART}/files/operator_rules.yaml`, rulesText(OPERATOR_RULES)],
    ["docs/testing-rules.md", testingRulesPage(readText("docs/testing-rules.md") ?? "")],
    ["deploy/helm/falco/values.schema.json", chartSchemaText()],
    ["deploy/helm/falco/idle_settings.yaml", idleSettingsText()],
  ]);
}

/** The pages that do not say what the tables say. */
export function stalePages(): string[] {
  return [...referencePages()].filter(([path, text]) => readText(path) !== text).map(([path]) => path);
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(join(ROOT, path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const stale = stalePages();
  if (Deno.args.includes("--check")) {
    for (const path of stale) console.error(`${path} is out of date: run scripts/docs.ts`);
    if (stale.length > 0) Deno.exit(1);
  } else {
    const pages = referencePages();
    for (const path of stale) Deno.writeTextFileSync(join(ROOT, path), pages.get(path)!);
    console.log(stale.length === 0 ? "docs: nothing to do" : `docs: wrote ${stale.join(", ")}`);
  }
}
