// Falco's flags that print something and end: --config-schema, --rule-schema, -i, --list-events, --plugin-info, --list-plugins, --list,
// -L and -l; when several are given, the first of them counts, as in Falco.
// In: flags. Out: text on standard output; false when none of them was given.
// Elsewhere: what each prints (forms/), --version and --help (program.ts).

import { type Command, Option } from "commander";
import { configSchema } from "../config/schema.ts";
import { rulesSchema } from "../rules/schema/rules_schema.ts";
import { describeAll, describeOne } from "./forms/describe.ts";
import { listEvents } from "./forms/events.ts";
import { listFields } from "./forms/fields.ts";
import { formatOf } from "./forms/format.ts";
import { listIgnoredSyscalls } from "./forms/ignored_syscalls.ts";
import { listPlugins, pluginInfo } from "./forms/plugins.ts";
import { support } from "./forms/support.ts";
import { readRules } from "./load_rules.ts";
import { planRun, type RunOptions } from "./options.ts";
import { printText } from "./print_text.ts";
import { jsonText } from "./json_text.ts";

export interface PrintOptions extends RunOptions {
  readonly configSchema?: true;
  readonly ruleSchema?: true;
  readonly i?: true;
  readonly listEvents?: true;
  readonly pluginInfo?: string;
  readonly listPlugins?: true;
  readonly list?: string | true;
  readonly L?: true;
  readonly l?: string;
  readonly support?: true;
  readonly N?: true;
  readonly format?: string;
  readonly markdown?: true;
  readonly verbose?: true;
}

export function addPrintOptions(command: Command): Command {
  return command
    .addOption(new Option("-L", "describe all rules; as JSON with -o json_output=true"))
    .addOption(new Option("-l <rule>", "describe one rule"))
    .addOption(new Option("--list [source]", "list fields, all or those of a source"))
    .addOption(new Option("-N", "with --list: names alone"))
    .addOption(new Option("--list-events", "list event types with their parameters"))
    .addOption(new Option("--format <form>", "of --list and --list-events: text, markdown or json"))
    .addOption(new Option("--markdown", "the same as --format markdown").hideHelp())
    .addOption(new Option("--list-plugins", "list what stands in for plugins"))
    .addOption(new Option("--plugin-info <name>", "describe one of them"))
    .addOption(new Option("--config-schema", "print the JSON schema of falco.yaml"))
    .addOption(new Option("--rule-schema", "print the JSON schema of a rules file"))
    .addOption(new Option("--support", "print what a request for help needs, as JSON; secrets are masked"))
    .addOption(new Option("-i", "list system calls that are not captured by default"));
}

export async function printForm(options: PrintOptions): Promise<boolean> {
  const text = formOf(options);
  if (text === undefined) return false;
  await printText(`${text}\n`);
  return true;
}

function formOf(options: PrintOptions): string | undefined {
  const { ruleSchema, i, pluginInfo: plugin, list, l, L } = options;
  const format = formatOf(options.format, options.markdown === true);
  if (options.configSchema) return jsonText(configSchema());
  if (ruleSchema) return jsonText(rulesSchema());
  if (i) return listIgnoredSyscalls();
  if (options.listEvents) return listEvents(format);
  if (plugin !== undefined) return pluginInfo(plugin);
  if (options.listPlugins) return listPlugins();
  if (list !== undefined) {
    return listFields({
      source: list === true ? "" : list,
      format,
      namesOnly: options.N === true,
      verbose: options.verbose === true,
    });
  }
  if (L === undefined && l === undefined) return options.support ? support(options) : undefined;
  const plan = planRun(options);
  for (const warning of plan.warnings) console.error(`Warning: ${warning}`);
  const loaded = readRules(plan);
  const json = plan.settings.json_output;
  return l === undefined ? describeAll(loaded, json) : describeOne(loaded, l, json);
}
