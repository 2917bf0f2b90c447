// Watches this host until it is told to stop.
// In: rules and settings, how to read them again, flags. Out: the exit code.
// Elsewhere: what happens to events and alerts (service/run/run.ts), the probe (sources/live).

import type { Settings } from "../../config/mod.ts";
import { monitoredSource } from "./event_source.ts";
import { ArtifactFollower } from "../artifacts/artifact_follower.ts";
import { KubernetesArtifacts } from "../artifacts/kubernetes_artifacts.ts";
import { Containers } from "../containers/containers.ts";
import { isFinite, JsonSources } from "../json/json_sources.ts";
import { watchEvents } from "../health/event_watch.ts";
import { tellHostProblem } from "../health/host_problem.ts";
import { tellMissingRights } from "../health/missing_rights.ts";
import { HostNames } from "../containers/host_names.ts";
import type { Loading } from "../loading/loading_jobs.ts";
import { KubernetesMeta } from "../containers/kubernetes_meta.ts";
import type { Log } from "../logging/log.ts";
import { Observation } from "../metrics/observation.ts";
import { OutputTrial } from "../health/output_trial.ts";
import { writePidFile } from "./pid_file.ts";
import type { LoadedRun } from "../reload/reload.ts";
import { ReloadControl } from "../reload/reload_control.ts";
import type { EngineSettings } from "../reload/reload_engine.ts";
import { runEngine } from "./run.ts";
import { giveBackUnusedMemory } from "./unused_memory.ts";
import type { RunState } from "./run_state.ts";
import { Watchdog } from "../health/watchdog.ts";

export interface LiveOptions {
  readonly loaded: LoadedRun;
  /** reads everything again, and whether rules of artifacts are good */
  readonly loading: Loading;
  readonly log: Log;
  /** performance.now() when the program began */
  readonly startedMs: number;
  readonly copy: boolean;
  readonly unbuffered: boolean;
  readonly verbose: boolean;
  readonly limitMs?: number;
  readonly pidFile?: string;
}

export async function runLive(options: LiveOptions): Promise<number> {
  const { loaded, loading, log } = options;
  const { rules, settings, sources } = loaded;
  const isWatching = sources?.syscall !== false;
  let json: JsonSources | undefined;
  let observation: Observation | undefined;
  let watchdog: Watchdog | undefined;
  const containers = new Containers(settings, log);
  const kubernetes = new KubernetesMeta();
  const counters = () => ({
    ...containers.counters(),
    ...kubernetes.counters(),
    ...json?.counters(),
  });
  const removePidFile = options.pidFile === undefined ? () => {} : writePidFile(options.pidFile);
  log.monitors?.();
  try {
    if (isWatching) containers.start();
    return await runEngine({
      rules,
      settings,
      log,
      unbuffered: options.unbuffered,
      verbose: options.verbose,
      counters,
      ...(options.limitMs === undefined ? {} : { limitMs: options.limitMs }),
      engine: (settings) => isWatching ? liveEngine(settings, options.copy, containers) : undefined,
      ...(sources === undefined ? {} : { sources, waits: isFinite(sources) }),
      components: [
        () => watchdog!,
        ...isWatching
          ? [
            (run: RunState) => containers.startComponent(run),
            (run: RunState) => kubernetes.startComponent(run),
            (run: RunState) => HostNames.start(run),
            watchEvents,
            tellHostProblem,
            tellMissingRights,
          ]
          : [],
        (run) => OutputTrial.start(run),
        async (run) => json = await JsonSources.start(run),
        async (run) => observation = await Observation.start(run, counters),
        () => {
          observation!.standstill = () => watchdog!.problem;
          watchdog!.tellReady();
          return {};
        },
        (run) => ReloadControl.start(run),
        giveBackUnusedMemory,
        (run) => ArtifactFollower.start(run, loading),
        (run) => KubernetesArtifacts.start(run, loading),
      ],
      reload: { loaded, load: (before) => loading.do<"reload">({ what: "reload", before }) },
      onStarted: (run) => {
        // before it is said that falco watches, and before anything is started that may hang
        watchdog = Watchdog.start(run, { canary: () => observation?.canary });
        const seconds = ((performance.now() - options.startedMs) / 1000).toFixed(2);
        if (isWatching) {
          log("info", `watching system calls with ${rules.rules.length} rules, ready after ${seconds} s`);
        }
      },
    });
  } finally {
    containers.close();
    kubernetes.close();
    removePidFile();
  }
}

function liveEngine(settings: Settings, copy: boolean, containers: Containers): EngineSettings {
  return {
    source: monitoredSource(settings, copy, settings["engine.kernel_filter"]),
    maxThreads: settings["falco_libs.thread_table_size"],
    containers: containers.engineOption(settings),
  };
}
