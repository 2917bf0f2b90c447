// `falco list SUBJECT [NAME…]`: the catalogue and the loaded rules, for people; with --json for programs.
// In: subject, names or patterns, flags. Out: text on standard output.
// Elsewhere: each subject (cli/list/list_fields.ts, cli/list/list_events.ts …), Falco's own listings (cli/print_forms.ts).

import { Argument, type Command } from "commander";
import { didYouMean, UsageError } from "../../base/mod.ts";
import { planRun, readRules, type RunOptions } from "../../service/loading/mod.ts";
import { addFlags } from "../flags.ts";
import { listConfig } from "../list/list_config.ts";
import { listEventTypes } from "../list/list_events.ts";
import { listFieldCatalogue } from "../list/list_fields.ts";
import { listLists } from "../list/list_lists.ts";
import { listMacros } from "../list/list_macros.ts";
import type { ListRequest } from "../list/list_request.ts";
import { listRules } from "../list/list_rules.ts";
import { stdoutPage } from "../terminal/page.ts";
import { printText } from "../terminal/print_text.ts";

interface ListOptions extends RunOptions {
  readonly json?: true;
}

const SUBJECTS: Readonly<Record<string, readonly [list: (request: ListRequest) => string, help: string]>> = {
  fields: [listFieldCatalogue, "fields for conditions and outputs"],
  events: [listEventTypes, "event types and their parameters"],
  rules: [listRules, "loaded rules, where they are defined and what they use"],
  macros: [listMacros, "macros, where they are defined and what uses them"],
  lists: [listLists, "lists, where they are defined and what uses them"],
  config: [listConfig, "settings with their defaults, as a commented falco.yaml"],
};

export function addListCommand(program: Command, done: (exitCode: number) => void): void {
  const help = Object.entries(SUBJECTS).map(([name, [, words]]) => `  ${name.padEnd(8)} ${words}`);
  addFlags(program.command("list"), "list")
    .usage("[flags] <subject> [name...]")
    .description("Lists fields, events, settings, or what the rules files define.")
    .addArgument(subjectArgument())
    .argument("[name...]", "names, parts of names, or patterns with * and ?")
    .addHelpText("after", `\nSubjects:\n${help.join("\n")}\n\nA single full name shows all about it.`)
    .action(async (subject: string, patterns: string[], options: ListOptions) => {
      const text = listSubject(subject, {
        patterns,
        json: options.json === true,
        page: stdoutPage(),
        loaded: () => readRules(planRun(options), undefined),
      });
      await printText(`${text}\n`);
      done(0);
    });
}

/** Without commander's check: `listSubject` knows what was meant. */
function subjectArgument(): Argument {
  const argument = new Argument("<subject>", "what to list");
  argument.argChoices = Object.keys(SUBJECTS);
  return argument;
}

export function listSubject(subject: string, request: ListRequest): string {
  const list = Object.hasOwn(SUBJECTS, subject) ? SUBJECTS[subject]?.[0] : undefined;
  if (list !== undefined) return list(request);
  const subjects = Object.keys(SUBJECTS);
  const hint = didYouMean(subject, subjects) ?? `there are ${subjects.join(", ")}`;
  throw new UsageError([`list ${subject}: nothing of this name can be listed; ${hint}`]);
}
