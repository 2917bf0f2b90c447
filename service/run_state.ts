// What a run is at this moment, for the parts of the service that live beside it: web server, metrics, watchers.
// Types only. Elsewhere: the run itself (run.ts).

import type { EventSources } from "../config/json_sources.ts";
import type { Settings } from "../config/settings.ts";
import type { EngineFace } from "../engine/no_engine.ts";
import type { CompiledRules } from "../rules/compile.ts";
import type { AlertOutput } from "./alert_output.ts";
import type { RaiseInternalAlert } from "./internal_alerts.ts";
import type { LastResort } from "./last_resort.ts";
import type { Lateness } from "./lateness.ts";
import type { Log } from "./log.ts";
import type { ReloadState } from "./reload_state.ts";
import type { StopRequest } from "./stop_request.ts";

/** Read it anew at each use: a reload replaces settings and rules, and sometimes the engine. */
export interface RunState {
  readonly settings: Settings;
  readonly rules: CompiledRules;
  /** paths that they were read from; absent when that does not matter */
  readonly files?: LoadedPaths | undefined;
  readonly engine: EngineFace;
  /** which sources of events run */
  readonly sources: EventSources;
  readonly output: AlertOutput;
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
export interface Companion {
  /** Settings or rules are others now, and maybe the engine. An error is logged and ends nothing. */
  reloaded?(): void | Promise<void>;
  /** A reload was refused: everything is as it was. */
  reloadRefused?(reason: string): void;
  /** The run ends; the engine still judges. */
  close?(): void | Promise<void>;
}

export type StartCompanion = (run: RunState) => Companion | Promise<Companion>;
