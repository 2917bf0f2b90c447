// Checks the `init_config` of the plugins that are built in.
// In: the tree's node of `plugins`, as a user wrote it. Out: reports with places, of plugins that are not built in as
// well. Elsewhere: what each takes (plugins.ts), taking it (metadata/containers/settings.ts).

import type { YamlNode } from "../../rules/mod.ts";
import { parseYaml } from "../file.ts";
import { type Findings, innerSource } from "../findings.ts";
import { readValue } from "../value.ts";
import { PLUGIN_CONFIGS } from "./plugins.ts";

/** Names in `load_plugins` count, or all when there is none. */
export function checkPluginConfigs(
  loaded: readonly string[] | undefined,
  node: YamlNode | undefined,
  found: Findings,
): void {
  if (node?.kind !== "sequence") return;
  for (const [at, item] of node.items.entries()) {
    if (item.kind !== "map") continue;
    const name = item.entries.get("name")?.value;
    if (name?.kind !== "scalar") continue;
    const definition = Object.hasOwn(PLUGIN_CONFIGS, name.value) ? PLUGIN_CONFIGS[name.value] : undefined;
    const written = item.entries.get("init_config")?.value;
    if (definition === undefined) {
      if (loaded === undefined || loaded.includes(name.value)) {
        const known = Object.keys(PLUGIN_CONFIGS).join(", ");
        found.miss(
          name.span,
          `plugin ${name.value} is left out: there are no plugins as libraries, but for ${known}, which are built in`,
        );
      }
    } else if (written !== undefined) {
      const content = written.kind === "scalar" ? parseText(written.value, written, found) : written;
      if (content !== undefined) readValue(definition, content, `plugins[${at}].init_config`, found);
    }
  }
}

/** A text is JSON, hence YAML. */
function parseText(text: string, node: YamlNode, found: Findings): YamlNode | undefined {
  return text.trim() === "" ? undefined : parseYaml(innerSource(node.span, text), found);
}
