// All keys, in sections as docs and the commented falco.yaml have them.

import type { Definitions } from "../definition.ts";
import { ALERT_FORM, CHANNELS } from "./alerts.ts";
import { ARTIFACTS } from "./artifacts.ts";
import { CAPTURE, ENGINE, PERFORMANCE, WATCHDOGS } from "./engine.ts";
import { FILES } from "./files.ts";
import { METRICS } from "./metrics.ts";
import { CONTAINERS, JSON_SOURCES, METADATA, PLUGINS } from "./plugins.ts";
import { RULES } from "./rules.ts";
import { LOG, RELOAD_CONTROL, WATCHDOG, WEBSERVER } from "./service.ts";
import { NOISE_CONTROL, SINKS, SPOOL } from "./sinks.ts";

export const SECTIONS = {
  "Files of the configuration": FILES,
  "Rules": RULES,
  "Artifacts": ARTIFACTS,
  "Events": ENGINE,
  "Recordings around matches": CAPTURE,
  "Plugins": PLUGINS,
  "Sources of JSON events": JSON_SOURCES,
  "Containers": CONTAINERS,
  "Users, containers and pods in alerts": METADATA,
  "Form of alerts": ALERT_FORM,
  "Falco's channels": CHANNELS,
  "Further sinks": SINKS,
  "Spool": SPOOL,
  "Noise control": NOISE_CONTROL,
  "Web server": WEBSERVER,
  "Reload control": RELOAD_CONTROL,
  "Log": LOG,
  "Watchdog": WATCHDOG,
  "Lost events": WATCHDOGS,
  "Metrics": METRICS,
  "Reach and memory": PERFORMANCE,
} as const satisfies Readonly<Record<string, Definitions>>;

export const KEYS = {
  ...FILES,
  ...RULES,
  ...ARTIFACTS,
  ...ENGINE,
  ...CAPTURE,
  ...PLUGINS,
  ...JSON_SOURCES,
  ...CONTAINERS,
  ...METADATA,
  ...ALERT_FORM,
  ...CHANNELS,
  ...SINKS,
  ...SPOOL,
  ...NOISE_CONTROL,
  ...WEBSERVER,
  ...RELOAD_CONTROL,
  ...LOG,
  ...WATCHDOG,
  ...WATCHDOGS,
  ...METRICS,
  ...PERFORMANCE,
} as const satisfies Definitions;
