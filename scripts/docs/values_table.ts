// The table of the Helm chart's values (deploy/helm/falco/values_table.yaml), as the scripts and tests read it.
// In: nothing. Out: rows, each with what this chart makes of the value.
// Elsewhere: the same for a user's values, at work in the chart's templates (deploy/helm/falco/templates/_table.tpl).

import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Definition } from "../../config/definition.ts";
import { SETTINGS } from "../../config/settings.ts";

export const CHART = fileURLToPath(new URL("../../deploy/helm/falco", import.meta.url));

export interface ValueRow {
  readonly name: string;
  /** in Falco's chart */
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly setting?: string;
  readonly allowed?: string;
  readonly when?: string;
  readonly reason?: string;
}

type Reasons = Readonly<Record<string, string>>;

export interface ValuesTable {
  readonly harmless: Reasons;
  readonly former: Reasons;
  readonly open: readonly string[];
  /** a pattern of artifacts that are inside falco already */
  readonly inside: string;
  readonly together: Reasons;
  readonly values: readonly ValueRow[];
  readonly undeclared: readonly ValueRow[];
}

export const VALUES_TABLE: ValuesTable = parse(Deno.readTextFileSync(`${CHART}/values_table.yaml`));

/** The setting of falco.yaml that a value is, or becomes. */
export function settingOf({ name, setting }: ValueRow): Definition | undefined {
  const key = setting ?? (name.startsWith("falco.") ? name.slice("falco.".length) : undefined);
  return key === undefined ? undefined : (SETTINGS as Readonly<Record<string, Definition>>)[key];
}

/** Why the value changes nothing. */
export function harmlessReason(row: ValueRow): string | undefined {
  const section = Object.keys(VALUES_TABLE.harmless).find((name) => isBelow(row.name, name));
  return section === undefined ? settingOf(row)?.idle : VALUES_TABLE.harmless[section];
}

export function isBelow(name: string, section: string): boolean {
  return name === section || name.startsWith(`${section}.`);
}

/** Rows as a values file has them. */
export function valuesOf(rows: readonly ValueRow[]): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, default: value } of rows) put(values, name.split("."), structuredClone(value));
  return values;
}

/** Puts a value where a dotted name leads, with the sections on the way. */
export function put(values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) values[name] = value;
  else put((values[name] ??= {}) as Record<string, unknown>, rest, value);
}
