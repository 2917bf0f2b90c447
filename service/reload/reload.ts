// Reading configuration and rules again while falco runs: when it is asked to, or when one of their files changes.
// In: how to load them, how to put them in force. Out: new rules and settings in force; or a reason in the log, an
// internal alert, and everything as it was.
// However often it is asked meanwhile, at most one more reload follows the one that runs.
// Elsewhere: noticing changes (reload_watch.ts), putting them in force (service/run/run.ts, engine/).

import { messageOf } from "../../base/mod.ts";
import type { EventSources, Fault, Settings } from "../../config/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import type { Log } from "../logging/log.ts";
import { silentFile, type WatchedPaths } from "./reload_paths.ts";
import type { ReloadState } from "./reload_state.ts";
import { ReloadWatch } from "./reload_watch.ts";
import type { LoadedPaths } from "../run/run_state.ts";

/** What a run is made of, as it was read at one moment. */
export interface LoadedRun {
  readonly settings: Settings;
  readonly rules: CompiledRules;
  /** parts of the configuration that it is without; none when absent */
  readonly faults?: readonly Fault[];
  /** which sources of events run; system calls alone when absent */
  readonly sources?: EventSources;
  /** what it was read from */
  readonly paths: WatchedPaths;
  /** of these, the files with something in them */
  readonly files?: LoadedPaths;
  /** of these paths, before they were read */
  readonly signature: string;
}

export interface ReloadOptions {
  readonly loaded: LoadedRun;
  /** reads everything; throws what the user did wrong, but for faults that were there before */
  readonly load: (before: readonly Fault[]) => Promise<LoadedRun>;
  /** throws when everything stays as it was */
  readonly apply: (next: LoadedRun) => Promise<void>;
  /** everything stays as it was; the reason is one line */
  readonly onRefused: (reason: string) => void;
  readonly state: ReloadState;
  readonly log: Log;
}

/** What a diagnostic says, and where. */
const REASON_LINES = 2;
const FILE_CHANGED = "a file has changed";

export class Reloader {
  readonly #options: ReloadOptions;
  #watch: ReloadWatch | undefined;
  #loaded: LoadedRun;
  #running: Promise<void> | undefined;
  #next: string | undefined;
  #isClosed = false;
  /** nothing has been read yet: what changes now is part of the reload that runs */
  #isBeginning = false;
  #hasChangedMeanwhile = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#loaded = options.loaded;
    this.#follow();
  }

  request(why: string): void {
    if (this.#isClosed) return;
    this.#next = why;
    this.#running ??= this.#reloadAll().finally(() => this.#running = undefined);
  }

  /** No more reloads; resolves when the one that runs is over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watch?.close();
    await this.#running;
  }

  async #reloadAll(): Promise<void> {
    for (let why = this.#next; why !== undefined && !this.#isClosed; why = this.#next) {
      this.#next = undefined;
      await this.#reload(why);
    }
  }

  async #reload(why: string): Promise<void> {
    const { load, apply, log, onRefused, state } = this.#options;
    const generation = state.begin();
    log("info", `reloading: ${why}`);
    const startMs = performance.now();
    try {
      this.#isBeginning = true;
      this.#hasChangedMeanwhile = false;
      const silent = await silentFile(this.#loaded.paths);
      if (silent !== undefined) throw new Error(silent);
      await this.#watch?.forget();
      this.#isBeginning = false;
      const next = await load(this.#loaded.faults ?? []);
      await apply(next);
      const seconds = ((performance.now() - startMs) / 1000).toFixed(2);
      log("info", `reloaded after ${seconds} s: ${changes(this.#loaded, next)}`);
      this.#loaded = next;
      this.#follow();
      state.applied(generation);
    } catch (error) {
      if (this.#isClosed) return;
      if (this.#isBeginning && this.#hasChangedMeanwhile) this.#next ??= FILE_CHANGED;
      this.#isBeginning = false;
      const message = messageOf(error);
      log("error", message);
      log("error", "not reloaded: rules and settings stay as they were");
      state.rejected(generation);
      onRefused(message.split("\n").slice(0, REASON_LINES).map((line) => line.trim()).join(" "));
    }
  }

  #fileChanged(): void {
    if (this.#isBeginning) this.#hasChangedMeanwhile = true;
    else this.request(FILE_CHANGED);
  }

  #follow(): void {
    const { settings, paths, signature } = this.#loaded;
    if (!settings.watch_config_files) {
      this.#watch?.close();
      this.#watch = undefined;
      return;
    }
    this.#watch ??= new ReloadWatch(() => this.#fileChanged(), this.#options.log);
    this.#watch.watch(paths, signature);
  }
}

/** What is another now, for the log. */
function changes(before: LoadedRun, after: LoadedRun): string {
  const names = ({ rules }: LoadedRun) => new Set(rules.rules.map(({ name }) => name));
  const [old, now] = [names(before), names(after)];
  const added = [...now].filter((name) => !old.has(name)).length;
  const removed = [...old].filter((name) => !now.has(name)).length;
  const settings = changedSettings(before.settings, after.settings);
  return [
    `${now.size} rule${now.size === 1 ? "" : "s"}`,
    ...added > 0 ? [`${added} new`] : [],
    ...removed > 0 ? [`${removed} gone`] : [],
    ...settings.length > 0 ? [`settings changed: ${settings.join(", ")}`] : [],
  ].join(", ");
}

function changedSettings(before: Settings, after: Settings): string[] {
  const keys = Object.keys(after) as (keyof Settings)[];
  return keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
