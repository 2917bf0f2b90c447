// What the configuration says about container engines, as the package that asks them takes it.
// In: settings. Out: `init_config` of the plugin container and `container_engines`, both as JSON.
// Elsewhere: what they mean (metadata/containers/settings.ts), their keys (config/plugins/plugins.ts).

import type { Json } from "./definition.ts";
import type { Settings } from "./settings.ts";

const SECTION = "container_engines.";

export function containerConfig(
  settings: Settings,
): { readonly initConfig: Json; readonly containerEngines: Json } {
  const plugin = settings.plugins.find(({ name }) => name === "container");
  const engines: Record<string, Record<string, Json>> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (!key.startsWith(SECTION)) continue;
    const [engine, name] = key.slice(SECTION.length).split(".") as [string, string];
    (engines[engine] ??= {})[name] = value as Json;
  }
  return { initConfig: plugin?.init_config ?? null, containerEngines: engines };
}
