// The engine of a run, in which other rules can take their place, and which another engine can replace.
// In: rules and settings. Out: alerts, recorded chunks, one promise of the end, counters over all engines.
// Rules change without any loss (engine/rule_swaps.ts). Settings that an engine cannot change make another one take over:
// it watches before the old one ends, reads the state of the host again, and evaluates what the old one has not.
// Elsewhere: when that happens (service/run/run.ts, reload.ts).

import { messageOf } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import type { Alert } from "../../alerts/mod.ts";
import {
  Engine,
  type EngineCounters,
  type EngineFace,
  type EngineOptions,
  NoEngine,
  type RecordedChunk,
} from "../../engine/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import { captureOptions } from "../capture/capture_files.ts";
import type { Log } from "../logging/log.ts";

/** What settings say about the engine. A change of it at a reload needs another engine. */
export type EngineSettings = Omit<EngineOptions, "rules" | "generation" | "onAlerts" | "isHeld" | "record">;

export interface RunEngineOptions {
  /** undefined: system calls are not watched */
  readonly engine: (settings: Settings) => EngineSettings | undefined;
  readonly onAlerts: (alerts: readonly Alert[], generation: number) => void | Promise<void>;
  readonly onChunk: (chunk: RecordedChunk) => void;
  readonly log: Log;
}

interface Loaded {
  readonly rules: CompiledRules;
  readonly settings: Settings;
}

export class RunEngine {
  /** the engine has ended without being replaced; rejects when it failed */
  readonly over: Promise<void>;
  readonly #options: RunEngineOptions;
  readonly #over = Promise.withResolvers<void>();
  readonly #replaced = new WeakSet<EngineFace>();
  #engine: EngineFace | undefined;
  /** what engines that were replaced have counted */
  #before: EngineCounters = {};

  constructor(options: RunEngineOptions) {
    this.#options = options;
    this.over = this.#over.promise;
    // it may fail while nobody waits yet
    this.over.catch(() => {});
  }

  /** The one that evaluates; there is none before `start`. */
  get current(): EngineFace {
    if (this.#engine === undefined) throw new Error("the engine has not been started");
    return this.#engine;
  }

  /** Over all engines; undefined before the end. */
  get finalCounters(): EngineCounters | undefined {
    const last = this.#engine?.finalCounters;
    return last === undefined ? undefined : sum(this.#before, last);
  }

  async start(loaded: Loaded): Promise<void> {
    this.#engine = await this.#startEngine(loaded, 0, false);
  }

  /** If there is one; how it ends is known from `over`. */
  async stop(): Promise<void> {
    await this.#engine?.stop().catch(() => {});
  }

  /** Throws when everything stays as it was. */
  async change(before: Settings, next: Loaded, generation: number): Promise<void> {
    if (this.#key(next.settings) !== this.#key(before)) return await this.#replace(next, generation);
    await this.current.swapRules(next.rules, generation, captureOptions(next.rules.rules, next.settings));
  }

  /** Two settings with the same key can use the same engine. */
  #key(settings: Settings): string {
    return JSON.stringify([this.#options.engine(settings), settings["capture.enabled"]]);
  }

  async #replace(next: Loaded, generation: number): Promise<void> {
    const { log } = this.#options;
    log("info", "engine settings have changed: handing over to a new engine");
    const old = this.current;
    const fresh = await this.#startEngine(next, generation, true);
    this.#engine = fresh;
    this.#replaced.add(old);
    try {
      this.#before = sum(this.#before, await old.handOver());
    } catch (error) {
      log(
        "error",
        `the previous engine failed during the handover: ${messageOf(error)}`,
      );
    }
    fresh.release(old.takenUntilNs ?? 0n);
  }

  async #startEngine({ rules, settings }: Loaded, generation: number, isHeld: boolean): Promise<EngineFace> {
    const { engine: settingsOf, onAlerts, onChunk } = this.#options;
    const engineSettings = settingsOf(settings);
    if (engineSettings === undefined) return this.#followed(new NoEngine(generation));
    // a recording is recorded already
    const capture = engineSettings.source.kind === "replay"
      ? undefined
      : captureOptions(rules.rules, settings);
    const engine = await Engine.start({
      ...engineSettings,
      rules,
      generation,
      isHeld,
      onAlerts,
      ...(capture === undefined ? {} : { record: { all: true, capture, onChunk } }),
    });
    return this.#followed(engine);
  }

  #followed(engine: EngineFace): EngineFace {
    engine.ended.then(
      () => this.#replaced.has(engine) || this.#over.resolve(),
      (error) => this.#replaced.has(engine) || this.#over.reject(error),
    );
    return engine;
  }
}

/** What an engine has, instead of what it has done. */
const LEVELS = new Set(["THREADS", "FDS", "STRINGS", "STRING_BYTES", "HEAP_BYTES", "CONTAINERS"]);

function sum(before: EngineCounters, now: EngineCounters): EngineCounters {
  const entries = Object.entries(now).map(([name, value]) =>
    [name, LEVELS.has(name) ? value : value + (before[name] ?? 0n)] as const
  );
  return Object.fromEntries(entries);
}
