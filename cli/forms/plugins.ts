// `falco --list-plugins` and `--plugin-info NAME`: what is in for Falco's plugins. All of it is built in; nothing
// can be loaded.
// In: nothing, or a name, or a library_path of the settings. Out: text in the shape of Falco's.
// Elsewhere: their fields (schema/fields), what they take as init_config (config/plugins/plugins.ts).

import { pluginSchema, type Settings } from "../../config/mod.ts";
import { BUILT_IN_PLUGINS, type BuiltInPlugin } from "../../rules/mod.ts";
import { didYouMean, UsageError } from "../../base/mod.ts";
import { jsonText } from "../terminal/json_text.ts";

const CONTACT = "built into falco";

export function listPlugins(): string {
  const texts = BUILT_IN_PLUGINS.map((plugin) => `${describePlugin(plugin)}\n`);
  return `${BUILT_IN_PLUGINS.length} Plugins Loaded:\n\n${texts.join("\n")}`;
}

/** @param configured says which library_path stands for which plugin */
export function pluginInfo(name: string, configured: Settings["plugins"] = []): string {
  const called = configured.find((entry) => entry.library_path === name)?.name ?? nameOfLibrary(name);
  const plugin = BUILT_IN_PLUGINS.find((plugin) => plugin.name === called);
  if (plugin !== undefined) {
    return [
      describePlugin(plugin),
      "",
      "Init config schema type: JSON",
      jsonText(pluginSchema(plugin.name), 0),
      ...(plugin.openParams === undefined ? [] : ["", "Suggested open params:", ...plugin.openParams]),
    ].join("\n");
  }
  const names = BUILT_IN_PLUGINS.map((plugin) => plugin.name);
  const hint = didYouMean(called, names) ?? `built in are ${names.join(", ")}`;
  throw new UsageError([`--plugin-info ${name}: there is no such plugin; ${hint}`]);
}

/** `/usr/share/falco/plugins/libcontainer.so` is the plugin container. */
function nameOfLibrary(path: string): string {
  return /(?:^|\/)lib([^/]+)\.so$/.exec(path)?.[1] ?? path;
}

function describePlugin(plugin: BuiltInPlugin): string {
  const { name, summary, version, source, sourceId, fields, asyncEvents, parsesEvents } = plugin;
  return [
    `Name: ${name}`,
    `Description: ${summary}`,
    `Contact: ${CONTACT}`,
    `Version: ${version}`,
    "Capabilities: ",
    ...(source === undefined ? [] : [`  - Event Sourcing (ID=${sourceId}, source='${source}')`]),
    ...(fields === 0 ? [] : ["  - Field Extraction"]),
    ...(parsesEvents ? ["  - Event Parsing"] : []),
    ...(asyncEvents.length === 0 ? [] : ["  - Async Events"]),
  ].join("\n");
}
