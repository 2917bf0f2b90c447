// `falco check FILE|FOLDER…`: every mistake in rules files, in one run.
// In: paths and flags. Out: findings on standard output; exit code 0 clean (warnings allowed), 1 errors, 2 usage error.
// Elsewhere: finding them (rules/), their forms (rules/diagnostics/), Falco's own form of this (validate.ts).

import { loadSettings, ruleSettings } from "../../config/mod.ts";
import { didYouMean, sanitize, UsageError, VERSION } from "../../base/mod.ts";
import {
  CODES,
  type Diagnostic,
  type DiagnosticCode,
  hasErrors,
  type LoadOptions,
  type LoadResult,
  loadRules,
  namePipes,
  renderDiagnostics,
  summarize,
  type Summary,
  summaryLine,
  suppressible,
  toJson,
  toSarif,
  whyNotSuppressible,
} from "../../rules/mod.ts";
import { readRulesFiles, rulesPaths } from "../../service/loading/mod.ts";
import { reportFailure, USAGE_ERROR } from "../failure.ts";
import { fixFiles, type WhichFixes } from "./fix_files.ts";
import { costsText } from "../list/costs_text.ts";
import { printText } from "../terminal/print_text.ts";

export interface CheckOptions {
  readonly format: "text" | "json" | "sarif";
  readonly strict?: true;
  /** after the findings: which rules keep the kernel from leaving events out */
  readonly costs?: true;
  readonly fix?: WhichFixes;
  readonly ignore?: readonly string[];
  readonly show?: readonly string[];
  /** -c */
  readonly c?: string;
  readonly option?: readonly string[];
}

export async function check(given: readonly string[], options: CheckOptions): Promise<number> {
  try {
    const hide = idsOf("--ignore", options.ignore ?? [], suppressible, whyNotSuppressible);
    const show = idsOf("--show", options.show ?? [], knownCode, whyUnknown);
    namePipes([...given, ...options.c === undefined ? [] : [options.c]]);
    const { settings, problems } = loadSettings(options.c, options.option ?? []);
    if (problems.length > 0) throw new UsageError(problems);
    const paths = rulesPaths(given);
    if (paths.length === 0) {
      throw new UsageError([`there is no .yml or .yaml file in ${given.join(", ")}`]);
    }
    if (options.costs === true && options.format !== "text") {
      throw new UsageError([
        `--costs is text only, not ${options.format}; \`falco list filters --json\` is for programs`,
      ]);
    }
    // which rule comes first means nothing when every match is reported
    if (settings.rule_matching === "all") hide.push("shadowed-rule");
    const load = { hide, show, ...ruleSettings(settings) };
    let isWritten = true;
    if (options.fix !== undefined) {
      const { fixed, unwritten } = fixFiles(paths, load, options.fix);
      for (const [path, count] of fixed) {
        console.error(`fixed ${count} ${count === 1 ? "finding" : "findings"} in ${sanitize(path)}`);
      }
      for (const [path, reason] of unwritten) reportFailure(new Error(`Cannot write ${path}: ${reason}`));
      isWritten = unwritten.size === 0;
    }
    const { diagnostics, summary, rules } = findAll(paths, load, options.strict === true);
    const costs = options.costs === true && summary.errors === 0 ? `\n${costsText(rules)}` : "";
    await printText(formOf(diagnostics, summary, options.format) + costs);
    return summary.errors > 0 || !isWritten ? 1 : 0;
  } catch (error) {
    reportFailure(error);
    return error instanceof UsageError ? USAGE_ERROR : 1;
  }
}

function findAll(
  paths: readonly string[],
  options: LoadOptions,
  strict: boolean,
): { diagnostics: readonly Diagnostic[]; summary: Summary; rules: LoadResult["rules"] } {
  const { sources, unreadable } = readRulesFiles(paths);
  const found = [...unreadable];
  // What seems to be missing may be in a file that could not be read: its absence is no mistake of the others.
  const loaded = loadRules(sources, options);
  const suspect: readonly DiagnosticCode[] = ["undefined-macro", "nothing-to-append-to", "unknown-list"];
  const missing = hasErrors(found);
  for (const diagnostic of loaded.diagnostics) {
    if (missing && suspect.includes(diagnostic.code)) continue;
    const warning = diagnostic.severity === "warning";
    found.push(strict && warning ? { ...diagnostic, severity: "error" } : diagnostic);
  }
  const { rules, macros, lists } = loaded.definitions;
  const counts = { files: paths.length, rules: rules.size, macros: macros.size, lists: lists.size };
  const summary = summarize(found, { ...counts, ignored: loaded.ignored });
  return { diagnostics: found, summary, rules: loaded.rules };
}

function formOf(
  diagnostics: readonly Diagnostic[],
  summary: Summary,
  format: CheckOptions["format"],
): string {
  switch (format) {
    case "json":
      return JSON.stringify(toJson(diagnostics, summary), null, 2) + "\n";
    case "text": {
      const colour = Deno.stdout.isTerminal() && !Deno.noColor;
      const text = renderDiagnostics(diagnostics, { colour });
      return `${text}${text === "" ? "" : "\n"}${summaryLine(summary)}\n`;
    }
    case "sarif":
      return JSON.stringify(toSarif(diagnostics, VERSION), null, 2) + "\n";
  }
}

function idsOf(
  flag: string,
  words: readonly string[],
  find: (word: string) => readonly DiagnosticCode[],
  why: (word: string) => { message: string; hint: string | undefined },
): DiagnosticCode[] {
  const problems: string[] = [];
  const codes = words.flatMap((word) => word.split(",")).flatMap((word) => {
    const found = find(word.trim());
    if (found.length === 0) {
      const { message, hint } = why(word.trim());
      problems.push(`${flag} ${word}: ${message}${hint === undefined ? "" : `; ${hint}`}`);
    }
    return found;
  });
  if (problems.length > 0) throw new UsageError(problems);
  return codes;
}

/** Most findings are given anyway, and may be named all the same. */
function knownCode(word: string): readonly DiagnosticCode[] {
  return CODES.filter((code) => code === word);
}

function whyUnknown(word: string): { message: string; hint: string | undefined } {
  return { message: `there is no finding \`${word}\``, hint: didYouMean(word, CODES) };
}
