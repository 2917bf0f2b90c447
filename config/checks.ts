// What does not go together, though each value is fine: a channel without a target, metrics that go nowhere.
// In: all settings, and where they were written. Out: reports, and what has to be switched off.
// Elsewhere: single values (config/value.ts), which plugins there are (config/plugins/).

import { makeSource, type YamlNode } from "../rules/mod.ts";
import type { Findings } from "./findings.ts";
import { checkPluginConfigs } from "./plugins/check.ts";
import type { ReadSettings } from "./read.ts";
import type { SettingKey, Settings, SinkSetting } from "./settings.ts";
import { spanOf } from "./tree.ts";

type Places = ReadonlyMap<string, YamlNode>;

/** Settings that protect something: it is not opened to everybody because of a mistake in one of them. */
const PROTECTED: Partial<Record<string, SettingKey>> = {
  "webserver.ssl_enabled": "webserver.enabled",
  "webserver.ssl_certificate": "webserver.enabled",
  "webserver.listen_address": "webserver.enabled",
  "webserver.bearer_token_file": "webserver.enabled",
};

/** @returns what cannot run, or must not, for want of a setting: keys that count as false */
export function checkTogether(
  settings: Settings,
  { places, wrong: unusable }: Pick<ReadSettings, "places" | "wrong">,
  found: Findings,
): SettingKey[] {
  const off = [...unusable].flatMap((key) => PROTECTED[key] ?? []);
  const wrong = (key: SettingKey, message: string) => {
    const node = places.get(key);
    found.wrong(node?.span ?? spanOf(makeSource("settings", "")), message);
  };
  const isUnusable = (keys: RegExp) => [...unusable].some((key) => keys.test(key));
  const needs = (enabled: SettingKey, needed: SettingKey, what: string) => {
    if (settings[enabled] === true && settings[needed] === "") {
      off.push(enabled);
      // what cannot be used has been told
      if (!unusable.has(needed)) wrong(enabled, `${enabled} is true, but ${needed} is empty: ${what}`);
    }
  };
  needs("file_output.enabled", "file_output.filename", "say which file");
  needs("program_output.enabled", "program_output.program", "say which program");
  needs("http_output.enabled", "http_output.url", "say where alerts go");
  needs("webserver.ssl_enabled", "webserver.ssl_certificate", "say which file has key and certificate");

  const actions = settings["syscall_event_drops.actions"];
  const besides = actions.filter((action) => action === "log" || action === "alert");
  if (actions.includes("ignore") && besides.length > 0) {
    wrong(
      "syscall_event_drops.actions",
      `syscall_event_drops.actions: ignore does not go with ${besides.join(" and ")}`,
    );
  }
  const served = settings["webserver.enabled"] && settings["webserver.prometheus_metrics_enabled"];
  if (
    settings["metrics.enabled"] && !settings["metrics.output_rule"] &&
    settings["metrics.output_file"] === "" && !served && !isUnusable(/^(metrics|webserver)\./)
  ) {
    wrong(
      "metrics.enabled",
      "metrics.enabled is true, but they go nowhere: say metrics.output_rule, metrics.output_file or " +
        "webserver.prometheus_metrics_enabled with webserver.enabled",
    );
  }
  checkSinks(settings, places, found);
  checkPlugins(settings, places, found);
  for (const [at, { match }] of settings.append_output.entries()) {
    if (match?.rule === undefined || (match.tags ?? []).length === 0) continue;
    found.note(
      `append_output[${at}] matches a rule and tags: it is added to ${match.rule} alone, and only if it has ` +
        `all the tags ${match.tags!.join(", ")}`,
    );
  }
  return off;
}

/** What a sink of a type cannot do without, though Falco's own section has a default for it. */
const TARGETS: Readonly<Record<string, string>> = { http: "url", file: "filename", program: "program" };

/** Names are for log, metrics and spool: no two sinks may share one. */
function checkSinks(settings: Settings, places: Places, found: Findings): void {
  const list = places.get("sinks");
  const wrong = (at: number, message: string) => {
    const node = list?.kind === "sequence" ? list.items[at] ?? list : list;
    if (node !== undefined) found.wrong(node.span, `sinks[${at}] ${message}`);
  };
  const names = new Map<string, string>(
    (["stdout", "syslog", "file", "program", "http"] as const)
      .filter((name) => settings[`${name}_output.enabled`])
      .map((name) => [name, `${name}_output`]),
  );
  for (const [at, sink] of settings.sinks.entries()) {
    const name = sink.name ?? sink.type;
    const before = names.get(name);
    if (before === undefined) names.set(name, `sinks[${at}]`);
    else wrong(at, `is called ${name}, as ${before} is: give it another name`);
    const target = TARGETS[sink.type] ?? "";
    // one that cannot be used has been told
    if (!hasTarget(sink) && !isWritten(list, at, target)) wrong(at, `must have ${target}`);
  }
}

function isWritten(list: YamlNode | undefined, at: number, key: string): boolean {
  const entry = list?.kind === "sequence" ? list.items[at] : list;
  const value = entry?.kind === "map" ? entry.entries.get(key)?.value : undefined;
  return value !== undefined && value.kind !== "null" && !(value.kind === "scalar" && value.value === "");
}

/** Whether it is said where its alerts go. */
export function hasTarget(sink: SinkSetting): boolean {
  const target = TARGETS[sink.type];
  const values: Readonly<Record<string, unknown>> = sink;
  return target === undefined || values[target] !== "";
}

function checkPlugins(settings: Settings, places: Places, found: Findings): void {
  const wanted = places.get("load_plugins");
  const loaded = wanted === undefined ? undefined : settings.load_plugins;
  checkPluginConfigs(loaded, places.get("plugins"), found);
  const entries = places.get("plugins");
  // an entry that cannot be used has been told
  const isWhole = entries?.kind !== "sequence" || entries.items.length === settings.plugins.length;
  if (wanted === undefined || !isWhole) return;
  const names = settings.plugins.map(({ name }) => name);
  for (const name of settings.load_plugins) {
    if (names.includes(name)) continue;
    found.wrong(wanted.span, `load_plugins names ${name}, which \`plugins\` does not have`);
  }
}
