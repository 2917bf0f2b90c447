// Falco's flags that print something and end: --config-schema, --rule-schema, -i, --list-events, --version, --page-size,
// --plugin-info, --list-plugins, --list, -L and -l; when several are given, the first of them counts, as in Falco.
// In: flags. Out: text on standard output; false when none of them was given.
// Elsewhere: what each prints (forms/, version.ts), --help (program.ts), -L and -l with -V (commands/validate.ts).

import { configSchema, loadSettings, type Settings } from "../config/mod.ts";
import { libc } from "../ffi/mod.ts";
import { rulesSchema } from "../rules/mod.ts";
import { planRun, readRules, type RunOptions } from "../service/loading/mod.ts";
import { describeAll, describeOne } from "./forms/describe.ts";
import { listEvents } from "./forms/events.ts";
import { listFields } from "./forms/fields.ts";
import { formatOf } from "./forms/format.ts";
import { listIgnoredSyscalls } from "./forms/ignored_syscalls.ts";
import { listPlugins, pluginInfo } from "./forms/plugins.ts";
import { support } from "./forms/support.ts";
import { printText } from "./terminal/print_text.ts";
import { jsonText } from "./terminal/json_text.ts";
import { versionText } from "./version.ts";

export interface PrintOptions extends RunOptions {
  readonly configSchema?: true;
  readonly ruleSchema?: true;
  readonly i?: true;
  readonly listEvents?: true;
  readonly version?: true;
  readonly pageSize?: true;
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
  readonly validate?: readonly string[];
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
  if (options.version) return versionText(lenientSettings(options).json_output);
  if (options.pageSize) return `Your system page size is: ${libc().getpagesize()} bytes`;
  if (plugin !== undefined) return pluginInfo(plugin, lenientSettings(options).plugins);
  if (options.listPlugins) return listPlugins();
  if (list !== undefined) {
    return listFields({
      source: list === true ? "" : list,
      format,
      namesOnly: options.N === true,
      verbose: options.verbose === true,
    });
  }
  if (options.validate !== undefined) return undefined;
  if (L === undefined && l === undefined) return options.support ? support(options) : undefined;
  const plan = planRun(options);
  for (const warning of plan.warnings) console.error(`Warning: ${warning}`);
  const loaded = readRules(plan);
  const json = plan.settings.json_output;
  return l === undefined ? describeAll(loaded, json) : describeOne(loaded, l, json);
}

/** What is wrong in them is told by what uses them. */
function lenientSettings({ c, option = [] }: RunOptions): Settings {
  return loadSettings(c, option, { lenient: true }).settings;
}
