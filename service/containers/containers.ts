// What engines say about containers, and what the containers' own files say about their users, on its way into the
// matcher.
// In: settings, the run, containers that turn up in events. Out: records outside the stream of events; the engine is
// told when nobody knows a container, so that its events do not wait in vain.
// Elsewhere: asking (metadata/containers/), users (container_users.ts), what the matcher does with records
// (assembly/state/parsers/container_record.ts).

import { containerConfig, type Settings } from "../../config/mod.ts";
import type { EngineFace, EngineOptions, SeenContainer } from "../../engine/mod.ts";
import { hostRoot, userNamespaceOwner } from "../../ffi/mod.ts";
import type { ContainerUsers } from "../../metadata/mod.ts";
import { ContainerDirectory, listEngines, readContainerSettings } from "../../metadata/containers/mod.ts";
import { asyncEvent } from "../../scap/mod.ts";
import { sanitizeLine } from "../../base/mod.ts";
import { watchContainerUsers } from "./container_users.ts";
import { type Log, singleLine } from "../logging/log.ts";
import type { Component, RunState } from "../run/run_state.ts";

/** What has an engine, which a reload may replace. */
type EngineHolder = Pick<RunState, "engine" | "settings"> & Partial<Pick<RunState, "faults">>;

/** What the fault that nobody names containers is about. */
const SILENCE = "containers";

export class Containers {
  readonly #log: Log;
  readonly #hostRoot: string;
  #config: string;
  #directory: ContainerDirectory;
  /** records that have not been handed over yet */
  #records: Uint8Array<ArrayBuffer>[] = [];
  #isFlushing = false;
  readonly #attached = Promise.withResolvers<void>();
  #run: EngineHolder | undefined;
  #silence: string | undefined;
  readonly #users: ContainerUsers;
  /** at the start, engines that have answered: one line tells them all */
  #found: string[] | undefined;
  /** the engine that has been told everything */
  #told: EngineFace | undefined;

  constructor(settings: Settings, log: Log, root: string = hostRoot()) {
    this.#log = log;
    this.#hostRoot = root;
    this.#config = configOf(settings);
    this.#directory = this.#createDirectory(settings);
    this.#users = watchContainerUsers({
      inject: (blocks) => this.#told?.inject(blocks),
      containerUsersRead: (id) => this.#told?.containerUsersRead(id),
    }, root);
  }

  /** Begins to ask; what comes waits for the run. Returns when the engines that are there have told what they have. */
  async start(): Promise<void> {
    const found = this.#found = [];
    await this.#directory.start();
    this.#found = undefined;
    this.#log(
      "info",
      this.#directory.standings().length === 0
        ? "all container engines are switched off: containers are known by their ids alone"
        : found.length === 0
        ? "no container runtime is found; one that is started later will be"
        : `container runtimes found: ${found.join("; ")}`,
    );
  }

  /** What an engine has to be started with. */
  engineOption(settings: Settings): NonNullable<EngineOptions["containers"]> {
    return { waitMs: settings["metadata.wait_ms"], onSeen: (seen) => this.#seen(seen) };
  }

  startComponent(run: EngineHolder): Component {
    this.#run = run;
    this.#tell(run.engine);
    this.#tellSilence();
    this.#attached.resolve();
    return {
      reloaded: () => this.#reloaded(run),
      close: () => this.close(),
    };
  }

  close(): void {
    this.#directory.close();
    this.#users.close();
  }

  /** How many containers are known, what came of questions by engine and cause, and users that were read. */
  counters(): Record<string, bigint> {
    const users = Object.entries(this.#users.counters()).map(([name, value]) =>
      [`users.${name}`, value] as const
    );
    const all = [...Object.entries(this.#directory.counters()), ...users];
    return Object.fromEntries(all.map(([name, value]) => [`containers.${name}`, BigInt(value)]));
  }

  #createDirectory(settings: Settings): ContainerDirectory {
    const { initConfig, containerEngines } = containerConfig(settings);
    const read = readContainerSettings(initConfig, containerEngines);
    for (const problem of read.problems) {
      this.#log("warning", `containers: ${problem}; using the default`);
    }
    return new ContainerDirectory({
      settings: read.settings,
      engines: () => listEngines(read.settings, this.#hostRoot),
      onRecord: (name, json, id, isNews) => {
        if (name === "container_removed") this.#users.removed(id);
        // what was there before anybody watched has not happened now
        const isEvent = isNews && this.#told !== undefined;
        this.#records.push(asyncEvent(name, json, BigInt(Date.now()) * 1_000_000n, isEvent));
        this.#flush();
      },
      onSilence: (problem) => {
        this.#silence = problem;
        this.#tellSilence();
      },
      log: (level, message) => {
        const found = level === "info" ? this.#found : undefined;
        if (found === undefined) singleLine(this.#log)(level, message);
        else found.push(sanitizeLine(message.replace(/^containers: /, "")));
      },
    });
  }

  async #seen({ id, key, ownerUid, parent, type, pid, isKnown }: SeenContainer): Promise<void> {
    const namespaceUid = userNamespaceOwner(`${this.#hostRoot}/proc/${pid}`);
    const met = { id, type, sliceUid: ownerUid, namespaceUid, parent };
    if (isKnown) this.#directory.meet(met);
    const asked = isKnown || this.#directory.lookup(met);
    await this.#attached.promise;
    // its process may end any moment
    this.#users.seen(key, pid);
    if (!await asked) this.#run?.engine.containerUnknown(key);
  }

  #tellSilence(): void {
    if (this.#run === undefined) return;
    const { faults } = this.#run;
    if (faults === undefined) {
      if (this.#silence !== undefined) this.#log("warning", sanitizeLine(`containers: ${this.#silence}`));
    } else if (this.#silence !== undefined) {
      faults.show(
        new Map([[SILENCE, { kind: "containers", text: sanitizeLine(`containers: ${this.#silence}`) }]]),
      );
    } else if (faults.clear(SILENCE)) this.#log("info", "containers: an engine that knows them answers now");
  }

  /** An engine that is new knows nothing yet. */
  #tell(engine: EngineFace): void {
    if (engine === this.#told) return;
    const isFirst = this.#told === undefined;
    this.#told = engine;
    if (isFirst) return this.#flush();
    this.#directory.repeat();
    this.#users.repeat();
  }

  async #reloaded(run: EngineHolder): Promise<void> {
    this.#tell(run.engine);
    const config = configOf(run.settings);
    if (config === this.#config) return;
    this.#config = config;
    this.#directory.close();
    this.#silence = undefined;
    this.#directory = this.#createDirectory(run.settings);
    await this.#directory.start();
    this.#tellSilence();
  }

  /** Records of one moment go together. */
  #flush(): void {
    if (this.#told === undefined || this.#isFlushing || this.#records.length === 0) return;
    this.#isFlushing = true;
    queueMicrotask(() => {
      this.#isFlushing = false;
      this.#told?.inject(concat(this.#records.splice(0)));
    });
  }
}

function configOf(settings: Settings): string {
  return JSON.stringify(containerConfig(settings));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
