// What is wrong with the text of one file in falco.yaml's shape, as far as the file alone shows it: for editors.
// In: a source. Out: what a start would say about it, each with its place. Nothing is opened: variables of the environment
// stay as they are, `config_files` and what it names are not looked at.

import { Budget, readYaml, Report, type Source, type Span, type YamlMap } from "../rules/mod.ts";
import { parseYaml } from "./file.ts";
import { Findings } from "./findings.ts";
import { readSettings } from "./read.ts";

export interface SettingsFinding {
  readonly span?: Span;
  readonly message: string;
  readonly severity: "error" | "warning";
}

export function checkSettingsText(source: Source): SettingsFinding[] {
  const found = new PlacedFindings();
  const root = parseYaml(source, found);
  if (root === undefined) return syntaxMistakes(source);
  if (root?.kind === "map") readSettings(root as YamlMap, found);
  else if (root.kind !== "null") found.wrong(root.span, "expected settings as key: value");
  // what a variable stands for here is not known
  return found.all.filter(({ span }) => span === undefined || !textOf(span).includes("${"));
}

function syntaxMistakes(source: Source): SettingsFinding[] {
  const report = new Report();
  readYaml(source, report, new Budget());
  return report.sorted([source.path]).map(({ span, message, hint, severity }) => ({
    ...(span === undefined ? {} : { span }),
    message: hint === undefined ? message : `${message}; ${hint}`,
    severity: severity === "error" ? "error" : "warning",
  }));
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** Keeps the places that the lines of a log begin with. */
class PlacedFindings extends Findings {
  readonly all: SettingsFinding[] = [];

  override wrong(place: Span, message: string): void {
    super.wrong(place, message);
    this.all.push({ span: place, message, severity: "error" });
  }

  override warn(place: Span, message: string): void {
    super.warn(place, message);
    this.all.push({ span: place, message, severity: "warning" });
  }
}
