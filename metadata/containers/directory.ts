// What is known of all containers of this host, kept up to date by their engines.
// In: sessions with engines, questions for containers that the matcher has met. Out: a record (JSON) for each container
// that has become known or has changed, one for each that has gone, and counters.
// Elsewhere: the conversation with an engine (engine_session.ts), which engines there are (engine_list.ts), who passes
// records on (service/containers.ts).

import { CONTAINER_TYPE, type ContainerFacts, makeFacts, shortId } from "./container_facts.ts";
import { DirectoryCounters } from "./directory_counters.ts";
import { type EngineDescription, openSession, type SessionPort } from "./engine_list.ts";
import type { EngineSession } from "./engine_session.ts";
import { type KnownFacts, mergeFacts } from "./merge_facts.ts";
import { recordJson } from "./record_json.ts";
import type { CgroupEngine, ContainerSettings } from "./settings.ts";
import { UnknownIds } from "./unknown_ids.ts";

export interface DirectoryOptions {
  readonly settings: ContainerSettings;
  /** all engines there may ever be; asked again every few seconds, since users come and go */
  readonly engines: () => readonly EngineDescription[];
  /** `container` or `container_removed`, and its JSON */
  readonly onRecord: (name: "container" | "container_removed", json: string, id: string) => void;
  readonly log: (level: "info" | "warning", message: string) => void;
  /** how long a container that has gone is remembered: its last events are still under way */
  readonly graceMs?: number;
}

/** As many as the matcher keeps. */
const MAX_CONTAINERS = 16_384;
const GRACE_MS = 10_000;
/** Nobody reports the end of a container that has no engine: it is forgotten, and found again when it is met. */
const NO_ENGINE_MS = 3_600_000;
const HOUSEKEEPING_MS = 3000;
const MAX_SETTLING_MS = 2000;
/** An engine may hear of a container a little later than the kernel. */
const RETRY_MS = [30, 120, 600];

/** Containers that are known from the names of their cgroups alone: there is nobody to ask. */
const CGROUP_ENGINE_OF: Readonly<Record<number, CgroupEngine>> = {
  [CONTAINER_TYPE.lxc]: "lxc",
  [CONTAINER_TYPE.libvirt_lxc]: "libvirt_lxc",
  [CONTAINER_TYPE.bpm]: "bpm",
};

interface Entry extends KnownFacts {
  readonly json: string;
}

export class ContainerDirectory {
  readonly #options: DirectoryOptions;
  readonly #graceMs: number;
  readonly #known = new Map<string, Entry>();
  /** when containers that have gone are forgotten */
  readonly #leaving = new Map<string, number>();
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #unknown = new UnknownIds();
  readonly #sessions = new Map<string, EngineSession>();
  readonly #own = new Map<EngineSession, Set<string>>();
  readonly #counters = new DirectoryCounters();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#graceMs = options.graceMs ?? GRACE_MS;
  }

  /** Returns when the engines that are there have told their containers, or after a while. */
  async start(): Promise<void> {
    const settled = this.#openSessions();
    this.#timer = setInterval(() => this.#keepHouse(), Math.min(this.#graceMs, HOUSEKEEPING_MS));
    Deno.unrefTimer(Number(this.#timer));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => timer = setTimeout(resolve, MAX_SETTLING_MS));
    await Promise.race([Promise.all(settled), late]);
    clearTimeout(timer);
  }

  /**
   * Finds out about a container that somebody has met: its record is handed over before this returns.
   * @param id as container.id prints it
   * @param type what its cgroup looks like; see CONTAINER_TYPE
   * @returns whether anything is known
   */
  async lookup(id: string, type: number = CONTAINER_TYPE.unknown): Promise<boolean> {
    const known = this.#known.get(id);
    if (known !== undefined) {
      this.#counters.count("directory", "found");
      this.#options.onRecord("container", known.json, id);
      return true;
    }
    const cgroupEngine = CGROUP_ENGINE_OF[type];
    if (cgroupEngine !== undefined) {
      if (!this.#options.settings.cgroups[cgroupEngine]) return false;
      this.#counters.count("cgroup", "found");
      this.#leaving.set(id, performance.now() + NO_ENGINE_MS);
      return this.#learn(makeFacts(type, id), false);
    }
    // anything may stand in a cgroup's name
    if (this.#isClosed || !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/.test(id)) return false;
    if (this.#unknown.has(id)) {
      this.#counters.count("directory", "unknown");
      return false;
    }
    const asked = this.#asking.get(id) ?? this.#ask(id, type);
    this.#asking.set(id, asked);
    return await asked.finally(() => this.#asking.delete(id));
  }

  /** All records once more, for somebody who has not heard them. */
  repeat(): void {
    for (const [id, { json }] of this.#known) this.#options.onRecord("container", json, id);
  }

  /** Containers known, and questions by engine and how they ended. */
  counters(): Record<string, number> {
    return { known: this.#known.size, ...this.#counters.values() };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  #openSessions(): Promise<void>[] {
    const settled: Promise<void>[] = [];
    for (const description of this.#options.engines()) {
      const key = `${description.engine} ${description.path}`;
      if (this.#sessions.has(key)) continue;
      const own = new Set<string>();
      const session = openSession(description, this.#port(own));
      this.#sessions.set(key, session);
      this.#own.set(session, own);
      settled.push(session.settled);
      session.run();
    }
    return settled;
  }

  /** @param own containers that the engine has told of: those that it does not list any more have gone unnoticed */
  #port(own: Set<string>): SessionPort {
    return {
      settings: this.#options.settings,
      log: this.#options.log,
      onFacts: (facts, isWhole, isNews) => {
        own.add(facts.id);
        // the id of a container that has gone may be used again
        if (isNews) this.#leaving.delete(facts.id);
        this.#learn(facts, isWhole);
      },
      onRemoved: (id) => {
        own.delete(shortId(id));
        this.#leave(shortId(id));
      },
      onListed: (ids) => {
        const there = new Set(ids.map(shortId));
        for (const id of own) {
          if (there.has(id)) continue;
          own.delete(id);
          this.#leave(id);
        }
      },
    };
  }

  async #ask(id: string, type: number): Promise<boolean> {
    const result = await this.#askAll(id, type);
    if (result === "found") return true;
    this.#unknown.add(id);
    if (result === "unknown") this.#askAgain(id, type);
    return false;
  }

  /** Asks every engine that could know; the first that does ends the waiting. */
  async #askAll(id: string, type: number): Promise<"found" | "unknown" | "trouble"> {
    const sessions = [...this.#sessions.values()].filter((session) =>
      session.isUp && couldKnow(session, type)
    );
    return await new Promise((resolve) => {
      let left = sessions.length;
      let result: "unknown" | "trouble" = "unknown";
      if (left === 0) resolve(result);
      for (const session of sessions) {
        this.#counters.count(session.engine, "asked");
        session.ask(id).then((answer) => {
          this.#counters.count(session.engine, answer.cause);
          if (answer.cause === "found" && this.#learn(answer.facts, answer.isWhole)) {
            this.#own.get(session)?.add(answer.facts.id);
            resolve("found");
          } else if (answer.cause !== "unknown") result = "trouble";
          if (--left === 0) resolve(result);
        });
      }
    });
  }

  /** Nobody waits for this any more: what comes late serves later events. */
  async #askAgain(id: string, type: number): Promise<void> {
    for (const ms of RETRY_MS) {
      await new Promise((resolve) => Deno.unrefTimer(Number(setTimeout(resolve, ms))));
      if (this.#isClosed || this.#known.has(id) || await this.#askAll(id, type) !== "unknown") return;
    }
  }

  /** @returns whether the facts could be kept */
  #learn(facts: ContainerFacts, isWhole: boolean): boolean {
    const { id } = facts;
    const old = this.#known.get(id);
    if (id === "" || this.#isClosed) return false;
    if (old === undefined && this.#known.size >= MAX_CONTAINERS) {
      this.#counters.count("directory", "refused");
      return false;
    }
    const merged = mergeFacts(old, { facts, isWhole });
    const { json, leftOut } = recordJson(merged.facts, this.#options.settings.labelMaxLength);
    this.#unknown.delete(id);
    this.#known.set(id, { ...merged, json });
    if (old?.json === json) return true;
    if (leftOut > 0) this.#counters.count("directory", "left_out", leftOut);
    this.#options.onRecord("container", json, id);
    return true;
  }

  #leave(id: string): void {
    if (this.#known.has(id)) this.#leaving.set(id, performance.now() + this.#graceMs);
  }

  #keepHouse(): void {
    const now = performance.now();
    for (const [id, untilMs] of this.#leaving) {
      if (untilMs > now) continue;
      this.#leaving.delete(id);
      const known = this.#known.get(id);
      this.#known.delete(id);
      if (known !== undefined) this.#options.onRecord("container_removed", known.json, id);
    }
    this.#openSessions();
  }
}

/** A cgroup says who made it; containers of several engines look like those of CRI. */
function couldKnow({ engine }: EngineSession, type: number): boolean {
  switch (type) {
    case CONTAINER_TYPE.docker:
      return engine === "docker" || engine === "cri";
    case CONTAINER_TYPE.podman:
      return engine === "podman" || engine === "podman_storage" || engine === "docker";
    case CONTAINER_TYPE.cri_o:
      return engine === "cri";
    default:
      return true;
  }
}
