// What /versions tells, under Falco's keys: tools that install rules ask here for the version of the rule language.
// In: nothing. Out: a JSON object. The versions of libraries and drivers are those that falco is compatible with.

import { COMPATIBLE_FALCO, ENGINE_VERSION, VERSION } from "../../base/mod.ts";
import { PLUGIN_VERSIONS } from "../../rules/mod.ts";
import { EVENT_SCHEMA_VERSION } from "../../schema/mod.ts";

/** What Falco 0.45 was built with. */
const LIBS_VERSION = "0.26.0";
const DRIVER_VERSION = "11.0.0+driver";
const DRIVER_API_VERSION = "11.0.0";
const PLUGIN_API_VERSION = "3.12.0";

export function versionsBody(): string {
  return JSON.stringify(versions());
}

export function versions(): Readonly<Record<string, unknown>> {
  return {
    default_driver_version: DRIVER_VERSION,
    driver_api_version: DRIVER_API_VERSION,
    driver_schema_version: EVENT_SCHEMA_VERSION,
    engine_version: String(ENGINE_VERSION[1]),
    engine_version_semver: ENGINE_VERSION.join("."),
    falco_version: COMPATIBLE_FALCO,
    libs_version: LIBS_VERSION,
    plugin_api_version: PLUGIN_API_VERSION,
    plugin_versions: Object.fromEntries(
      [...PLUGIN_VERSIONS].map(([name, version]) => [name, version.join(".")]),
    ),
    version: VERSION,
  };
}
