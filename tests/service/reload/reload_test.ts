// When reloads happen, what becomes of one that fails, and that they never run alongside each other.

import { deepEqual, equal, match } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { type LoadedRun, Reloader } from "../../../service/reload/reload.ts";
import { ReloadState } from "../../../service/reload/reload_state.ts";
import { compileRules } from "../../../rules/compile.ts";
import { until } from "../../outputs/outgoing_alerts.ts";

const rules = compileRules([], { matching: "first" });

function loaded(settings: Partial<Settings> = {}): LoadedRun {
  const all = { ...defaultSettings(), watch_config_files: false, ...settings };
  return { settings: all, rules, paths: { files: [], folders: [] }, signature: "" };
}

function reloader(load: () => LoadedRun, apply: (next: LoadedRun) => Promise<void>) {
  const log: string[] = [];
  const refused: string[] = [];
  const state = new ReloadState();
  const it = new Reloader({
    loaded: loaded(),
    load: () => Promise.resolve(load()),
    apply,
    onRefused: (reason) => refused.push(reason),
    state,
    log: (level, message) => log.push(`${level} ${message}`),
  });
  return { it, log, refused, state };
}

Deno.test("twenty requests while one runs lead to one more, and none runs alongside another", async () => {
  let running = 0;
  let applied = 0;
  const begun = Promise.withResolvers<void>(), gate = Promise.withResolvers<void>();
  const { it } = reloader(loaded, async () => {
    equal(++running, 1);
    begun.resolve();
    await gate.promise;
    applied++;
    running--;
  });
  for (let i = 0; i < 20; i++) it.request("SIGHUP");
  await begun.promise;
  for (let i = 0; i < 20; i++) it.request("SIGHUP");
  gate.resolve();
  await until("both are applied", () => applied === 2);
  await it.close();
  equal(applied, 2);
});

Deno.test("what cannot be loaded or applied is a diagnostic in the log and one line for the alert", async () => {
  let problem: string | undefined =
    "error[unknown-field]: there is no field `x`\n --> r.yaml:3:4\n  |\n3 | x = y";
  const { it, log, refused, state } = reloader(() => {
    if (problem !== undefined) throw new Error(problem);
    return loaded({ json_output: true });
  }, () => Promise.resolve());
  it.request("a file has changed");
  await until("it is refused", () => log.some((line) => line.includes("not reloaded")));
  deepEqual(refused, ["error[unknown-field]: there is no field `x` --> r.yaml:3:4"]);
  deepEqual(log.slice(1), [`error ${problem}`, "error not reloaded: rules and settings stay as they were"]);
  match(state.json, /"applied_generation":0,.*"rejected_generation":1,"started_generation":1/);
  problem = undefined;
  it.request("a file has changed");
  await until("it is reloaded", () => log.some((line) => line.includes("reloaded after")));
  match(state.json, /"applied_generation":2,.*"rejected_generation":1,"started_generation":2/);
  equal(refused.length, 1);
  match(log.at(-1)!, /^info reloaded after .* s: 0 rules, settings changed: json_output$/);
  await it.close();
});

Deno.test("the end waits for the reload that runs, and lets no other begin", async () => {
  const applied: string[] = [];
  const begun = Promise.withResolvers<void>(), gate = Promise.withResolvers<void>();
  const { it, log } = reloader(loaded, async () => {
    begun.resolve();
    await gate.promise;
    applied.push("done");
  });
  it.request("SIGHUP");
  await begun.promise;
  it.request("SIGHUP");
  const closed = it.close();
  gate.resolve();
  await closed;
  deepEqual(applied, ["done"]);
  it.request("SIGHUP");
  await it.close();
  equal(log.filter((line) => line.includes("reloading")).length, 1);
});
