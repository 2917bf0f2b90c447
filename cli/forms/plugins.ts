// `falco --list-plugins` and `--plugin-info NAME`: what stands in for Falco's plugins. All of it is built in; nothing
// can be loaded.
// In: nothing, or a name. Out: text in the shape of Falco's. Elsewhere: their fields (schema/fields).

import { BUILT_IN_PLUGINS, type BuiltInPlugin } from "../../rules/describe/plugins.ts";
import { didYouMean } from "../../rules/diagnostics/suggest.ts";
import { UsageError } from "../failure.ts";

export function listPlugins(): string {
  const texts = BUILT_IN_PLUGINS.map((plugin) => `${describePlugin(plugin)}\n`);
  return `${BUILT_IN_PLUGINS.length} Plugins Loaded:\n\n${texts.join("\n")}`;
}

export function pluginInfo(name: string): string {
  const plugin = BUILT_IN_PLUGINS.find((plugin) => plugin.name === name);
  if (plugin !== undefined) {
    return `${describePlugin(plugin)}\n\nIt has no init configuration and no open parameters.`;
  }
  const names = BUILT_IN_PLUGINS.map((plugin) => plugin.name);
  const hint = didYouMean(name, names) ?? `built in are ${names.join(", ")}`;
  throw new UsageError([`--plugin-info ${name}: there is no such plugin; ${hint}`]);
}

function describePlugin({ name, summary, version, source, fields, asyncEvents }: BuiltInPlugin): string {
  return [
    `Name: ${name}`,
    `Description: ${summary} Built in.`,
    `Version: ${version}`,
    "Capabilities: ",
    ...(source === undefined ? [] : [`  - Event Sourcing (source='${source}')`]),
    ...(fields === 0 ? [] : ["  - Field Extraction"]),
    ...(asyncEvents.length === 0 ? [] : ["  - Async Events"]),
  ].join("\n");
}
