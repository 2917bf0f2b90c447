// What this program is, and the versions of Falco's parts that it stands for; tools that install rules ask for them.
// In: nothing. Out: versions, and all of them as /versions has them, under Falco's keys.
// Elsewhere: what rules files require (rules/items/requirements.ts).

export const VERSION = "0.1.0";

/** Falco, whose rules, settings, flags and alerts this program takes and gives. */
export const COMPATIBLE_FALCO = "0.45.0";

export type Version = readonly [major: number, minor: number, patch: number];

/** The rule language that Falco 0.45 has. */
export const ENGINE_VERSION: Version = [0, 63, 0];

/** Of the table of event types (schema/event_table.ts). */
export const EVENT_SCHEMA_VERSION = "4.5.2";

/** The plugins that are built in here. */
export const PLUGIN_VERSIONS: ReadonlyMap<string, Version> = new Map([
  ["container", [0, 7, 4]],
  ["json", [0, 7, 4]],
  ["k8saudit", [0, 18, 0]],
  ["k8smeta", [0, 4, 2]],
]);

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
