// `falco -V FILE…`: validates rules files in Falco's own form.
// In: files and flags. Out: text or, with json_output, one line of JSON on standard output; exit code 0, or 1 with the
// same summary on standard error. Elsewhere: the form (rules/report/falco_form.ts), more for people (check.ts).

import { loadSettings, ruleSettings } from "../../config/mod.ts";
import {
  falcoJson,
  type FalcoResult,
  falcoResults,
  falcoText,
  type LoadResult,
  loadRules,
  namePipes,
} from "../../rules/mod.ts";
import { UsageError } from "../../base/mod.ts";
import {
  createRunLog,
  readRulesFiles,
  rulesPaths,
  type RunOptions,
  withPrintFlag,
} from "../../service/loading/mod.ts";
import { describeAll, describeOne } from "../forms/describe.ts";
import { printText } from "../terminal/print_text.ts";

export interface ValidateOptions extends RunOptions {
  readonly validate?: readonly string[];
  /** -L and -l: describe the rules as well, when they are valid */
  readonly L?: true;
  readonly l?: string;
}

export async function validate(options: ValidateOptions): Promise<number> {
  namePipes([...options.validate ?? [], ...options.c === undefined ? [] : [options.c]]);
  const { settings: written, problems: wrong, warnings: said, missing } = loadSettings(
    options.c,
    options.option ?? [],
    { lenient: options.lenient === true },
  );
  const { settings, warnings: ofFlag } = withPrintFlag(written, options.print);
  const warnings = [...said, ...ofFlag];
  const { sources, unreadable } = readRulesFiles(rulesPaths(options.validate ?? []));
  const problems = [
    ...wrong,
    ...unreadable.map(({ message }) => message.replace("cannot read", "Could not read the rules file")),
  ];
  if (problems.length > 0) throw new UsageError(problems);
  const log = createRunLog({ settings, warnings: [...warnings, ...missing] });
  log("info", "Validating rules file(s):");
  for (const { path } of sources) log("info", `   ${path}`);

  const loaded = loadRules(sources, ruleSettings(settings));
  const results = falcoResults(sources, loaded.diagnostics);
  const valid = results.every(({ errors }) => errors.length === 0);
  const describe = (json: boolean) => valid ? descriptionOf(options, loaded, json) : undefined;
  if (settings.json_output) {
    const description = describe(true);
    const document = {
      ...(description === undefined ? {} : { falco_describe_results: JSON.parse(description) }),
      falco_load_results: results.map(falcoJson),
    };
    await printText(`${JSON.stringify(document)}\n`);
  }
  const notes = loaded.diagnostics.some(({ code }) => code === "not-a-sequence") ? `\n${NO_RULES_HINT}` : "";
  const summary = harmless(results.map(summaryOf).join("\n")) + notes;
  if (!settings.json_output) {
    for (const result of results) {
      if (summaryOf(result) !== falcoText(result)) log("warning", falcoText(result));
    }
    const description = describe(false);
    await printText(`${summary}\n${description === undefined ? "" : `\n${description}\n`}`);
  }
  if (!valid) console.error(`Error: ${summary}`);
  return valid ? 0 : 1;
}

/** As Falco has it since 0.45: a configuration is often given to it. */
const NO_RULES_HINT = "-V takes rules files, which are YAML lists of rules, macros and lists. " +
  "A configuration and its rules are checked by `falco -c FILE --dry-run`.";

/** Warnings of a file without errors go to the log. */
function summaryOf(result: FalcoResult): string {
  const quiet = result.errors.length === 0 && result.warnings.length > 0;
  return quiet ? `${result.name}: Ok, with warnings` : falcoText(result);
}

function descriptionOf({ L, l }: ValidateOptions, loaded: LoadResult, json: boolean): string | undefined {
  if (l !== undefined) return describeOne(loaded, l, json);
  return L === true ? describeAll(loaded, json) : undefined;
}

/** Nothing of a rules file may steer the terminal; tabs stay, since carets count on them. */
function harmless(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");
}
