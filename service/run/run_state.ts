// What a run is at this moment, for the parts of the service that live alongside it: web server, metrics, watchers.
// Types only. Elsewhere: the run itself (run.ts).

import type { EventSources, Settings } from "../../config/mod.ts";
import type { EngineFace } from "../../engine/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import type { AlertOutput } from "./alert_output.ts";
import type { Faults } from "../health/faults.ts";
import type { RaiseInternalAlert } from "../internal_alerts/internal_alerts.ts";
import type { LastResort } from "./last_resort.ts";
import type { Lateness } from "../health/lateness.ts";
import type { Log } from "../logging/log.ts";
import type { ReloadState } from "../reload/reload_state.ts";
import type { StopRequest } from "./stop_request.ts";

/** Read it again at each use: a reload replaces settings and rules, and sometimes the engine. */
export interface RunState {
  readonly settings: Settings;
  readonly rules: CompiledRules;
  /** paths that they were read from; absent when that does not matter */
  readonly files?: LoadedPaths | undefined;
  readonly engine: EngineFace;
  /** which sources of events run */
  readonly sources: EventSources;
  readonly output: AlertOutput;
  /** parts of the configuration that it is without */
  readonly faults: Faults;
  /** an alert about falco itself */
  readonly raise: RaiseInternalAlert;
  readonly log: Log;
  readonly stop: StopRequest;
  /** of alerts of system calls */
  readonly lateness: Lateness;
  readonly lastResort: LastResort;
  /** Date.now() */
  readonly startedAtMs: number;
  readonly reloadedAtMs: number;
  readonly reloads: ReloadState;
  /** @returns false when there will be none: falco is about to end, or cannot reload */
  requestReload(why: string): boolean;
}

/** What was read, folders replaced by the files in them. */
export interface LoadedPaths {
  readonly rules: readonly string[];
  readonly config: readonly string[];
}

/** Lives as long as the run, from its first event on. */
export interface Component {
  /** Settings or rules are others now, and maybe the engine. An error is logged and ends nothing. */
  reloaded?(): void | Promise<void>;
  /** A reload was refused: everything is as it was. */
  reloadRefused?(reason: string): void;
  /** The run ends; the engine still evaluates. */
  close?(): void | Promise<void>;
}

export type StartComponent = (run: RunState) => Component | Promise<Component>;
