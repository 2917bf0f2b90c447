// What `falco --version` prints: Falco's lines, which scripts read, then this program's own.
// In: whether as JSON. Out: text. Elsewhere: the versions (base/versions.ts).

import { versions } from "../base/mod.ts";
import { jsonText } from "./terminal/json_text.ts";

export function versionText(json = false): string {
  const all = versions();
  if (json) return jsonText(all, 0);
  return [
    `Falco version: ${all.falco_version}`,
    `Libs version:  ${all.libs_version}`,
    `Plugin API:    ${all.plugin_api_version}`,
    `Engine:        ${all.engine_version_semver}`,
    "Driver:",
    `  API version:    ${all.driver_api_version}`,
    `  Schema version: ${all.driver_schema_version}`,
    `  Default driver: ${all.default_driver_version}`,
    `This program:  falco ${all.version}`,
    `Runtime:       deno ${Deno.version.deno}, V8 ${Deno.version.v8}, ${Deno.build.target}`,
  ].join("\n");
}
