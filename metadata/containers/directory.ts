// What is known of all containers of this host, kept up to date by their engines.
// In: sessions with engines, questions for containers that the matcher has met. Out: a record (JSON) for each container
// that has become known or has changed, one for each that has gone, and counters.
// Elsewhere: whose word counts (fact_ledger.ts), the conversation with an engine (engine_session.ts), which engines there
// are (engine_list.ts), who passes records on (service/containers/containers.ts).

import { within } from "../../base/mod.ts";
import { makeFacts, shortId } from "./container_facts.ts";
import { CONTAINER_TYPE } from "../../schema/mod.ts";
import { couldKnow } from "./could_know.ts";
import { DirectoryCounters } from "./directory_counters.ts";
import type { EngineDescription } from "./engine_description.ts";
import { openSession, type SessionPort } from "./engine_list.ts";
import type { EngineSession } from "./engine_session.ts";
import { EngineSilence, type EngineStanding } from "./engine_silence.ts";
import type { FactSource } from "./fact_source.ts";
import { FactLedger, isContainerId } from "./fact_ledger.ts";
import { FairMap } from "./fair_map.ts";
import { containerKey, type MetContainer, shareOf } from "./met_container.ts";
import { QuestionBudget } from "./question_budget.ts";
import { recordJson } from "./record_json.ts";
import { RecordPace } from "./record_pace.ts";
import type { CgroupEngine, ContainerSettings } from "./settings.ts";
import { UnknownIds } from "./unknown_ids.ts";

export interface DirectoryOptions {
  readonly settings: ContainerSettings;
  /** all engines there may ever be; asked again every few seconds, since users come and go */
  readonly engines: () => readonly EngineDescription[];
  /**
   * `container` or `container_removed`, its JSON, and what the matcher calls the container; whether it has come or gone, or is
   * only known better, or again.
   */
  readonly onRecord: (
    name: "container" | "container_removed",
    json: string,
    key: string,
    isNews: boolean,
  ) => void;
  readonly log: (level: "info" | "warning", message: string) => void;
  /** why containers have no names; undefined when nothing is wrong any more. Called at changes only */
  readonly onSilence?: (problem: string | undefined) => void;
  /** how long a container that has gone is remembered: its last events are still under way */
  readonly graceMs?: number;
}

const GRACE_MS = 10_000;
/** Nobody reports the end of a container that has no engine: it is forgotten, and found again when it is met. */
const NO_ENGINE_MS = 3_600_000;
const HOUSEKEEPING_MS = 3000;
const MAX_SETTLING_MS = 2000;
const MAX_SESSIONS = 512;
/** An engine may hear of a container a little later than the kernel: so long its first events go on waiting. */
const RETRY_MS = [30, 120];
/** Once more for events that come later. */
const LATE_RETRY_MS = 600;
const ROOT = 0;

/** What came of a question; nobody: there is no engine that could know. */
type Outcome = "found" | "unknown" | "trouble" | "nobody";

/** Containers that are known from the names of their cgroups alone: there is nobody to ask. */
const CGROUP_ENGINE_OF: Readonly<Record<number, CgroupEngine>> = {
  [CONTAINER_TYPE.lxc]: "lxc",
  [CONTAINER_TYPE.libvirt_lxc]: "libvirt_lxc",
  [CONTAINER_TYPE.bpm]: "bpm",
};
/** What is known from cgroups' names: bounded like all that strangers can make up. */
const MAX_NAMED = 4096;

export class ContainerDirectory {
  readonly #options: DirectoryOptions;
  readonly #graceMs: number;
  readonly #counters = new DirectoryCounters();
  readonly #ledger: FactLedger;
  /** records that were given out, by what the matcher calls the container */
  readonly #told = new Map<string, string>();
  /** when containers that have gone are forgotten */
  readonly #leaving = new Map<string, number>();
  /** known by name alone, and until when */
  readonly #named = new FairMap<number>(MAX_NAMED, (id) => this.#leaving.set(id, 0));
  /**
   * To be told when house is kept: what changes too often, and what one of several sources has taken back, which the
   * others mostly do, too.
   */
  readonly #later = new Map<string, readonly [id: string, sliceUid: number]>();
  readonly #completing = new Set<string>();
  readonly #asking = new Map<string, Promise<boolean>>();
  readonly #unknown = new UnknownIds();
  readonly #budget = new QuestionBudget();
  readonly #pace = new RecordPace();
  readonly #silence = new EngineSilence();
  #silenceTold: string | undefined;
  readonly #sessions = new Map<string, EngineSession>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(options: DirectoryOptions) {
    this.#options = options;
    this.#graceMs = options.graceMs ?? GRACE_MS;
    this.#ledger = new FactLedger(options.settings.labelMaxLength, this.#counters);
  }

  /** Returns when the engines that are there have told their containers, or after a while. */
  async start(): Promise<void> {
    const settled = this.#openSessions();
    this.#timer = setInterval(() => this.#keepHouse(), Math.min(this.#graceMs, HOUSEKEEPING_MS));
    Deno.unrefTimer(Number(this.#timer));
    await within(MAX_SETTLING_MS, Promise.all(settled));
    this.#tellSilence();
  }

  /**
   * Finds out about a container that somebody has met: its record is handed over before this returns.
   * @returns whether anything is known
   */
  async lookup(container: MetContainer): Promise<boolean> {
    const { id, type, sliceUid } = container;
    if (this.#isClosed || !isContainerId(id)) return false;
    const met = this.meet(container);
    const key = containerKey(id, sliceUid);
    const cgroupEngine = CGROUP_ENGINE_OF[type];
    if (cgroupEngine !== undefined) return this.#learnNamed(met, cgroupEngine);
    const known = this.#told.get(key);
    if (known !== undefined) {
      this.#counters.count("directory", "found");
      this.#options.onRecord("container", known, key, false);
      if (!this.#ledger.isWhole(id, sliceUid)) this.#complete(met);
      return true;
    }
    if (this.#unknown.has(key)) {
      this.#counters.count("directory", "unknown");
      return false;
    }
    const asked = this.#asking.get(key) ?? this.#ask(met);
    this.#asking.set(key, asked);
    return await asked.finally(() => this.#asking.delete(key));
  }

  /** Notes what the kernel says of a container, on which depends whose facts count. */
  meet(container: MetContainer): MetContainer {
    const { id, sliceUid } = container;
    const key = containerKey(id, sliceUid);
    const before = this.#ledger.metAs(key);
    const met = this.#ledger.met(container);
    // what was asked in vain may be the engine's of a user who was not known yet
    if (before?.namespaceUid !== met.namespaceUid) this.#unknown.delete(key);
    this.#tell(id, sliceUid);
    return met;
  }

  /** A list or an event has told a part; nobody waits for the rest. */
  async #complete(met: MetContainer): Promise<void> {
    const { id, sliceUid } = met;
    const key = containerKey(id, sliceUid);
    if (this.#completing.has(key) || this.#unknown.has(key)) return;
    this.#completing.add(key);
    await this.#askAll(met);
    this.#completing.delete(key);
    // files never tell everything: not asked again so soon
    if (!this.#ledger.isWhole(id, sliceUid)) this.#unknown.add(key, shareOf(met));
  }

  /** All records once more, for somebody who has not heard them. */
  repeat(): void {
    for (const [key, json] of this.#told) this.#options.onRecord("container", json, key, false);
  }

  /** How each engine stands that may be there. */
  standings(): EngineStanding[] {
    return [...this.#sessions.values()].map(({ standing }) => standing);
  }

  /** Containers known, and questions by engine and how they ended. */
  counters(): Record<string, number> {
    return { known: this.#told.size, ...this.#counters.values() };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  #openSessions(): Promise<void>[] {
    const settled: Promise<void>[] = [];
    const wanted = new Map<string, EngineDescription>(
      this.#options.engines().slice(0, MAX_SESSIONS).map((one) =>
        [`${one.engine} ${one.path}`, one] as const
      ),
    );
    for (const [key, session] of this.#sessions) {
      // its user has gone
      if (!wanted.has(key) && !session.isUp) {
        session.close();
        this.#sessions.delete(key);
        const { source } = session;
        for (const id of source === undefined ? [] : this.#ledger.idsOf(source)) this.#taken(source!, id);
      }
    }
    for (const [key, description] of wanted) {
      if (this.#sessions.has(key)) continue;
      const session = openSession(description, this.#port());
      this.#sessions.set(key, session);
      settled.push(session.settled);
      session.run();
    }
    return settled;
  }

  #port(): SessionPort {
    return {
      settings: this.#options.settings,
      log: this.#options.log,
      onFacts: (source, facts, isWhole) => {
        if (this.#ledger.say(source, facts, isWhole)) this.#tellAll(facts.id);
      },
      onRemoved: (source, id) => this.#taken(source, shortId(id)),
      // what an engine has reported and does not list any more has gone unnoticed
      onListed: (source, ids) => {
        const there = new Set(ids.map(shortId));
        for (const id of this.#ledger.idsOf(source)) {
          if (!there.has(id)) this.#taken(source, id);
        }
      },
      isMet: (id) => this.#ledger.isWanted(shortId(id)),
      count: (engine, cause) => this.#counters.count(engine, cause),
    };
  }

  #taken(source: FactSource, id: string): void {
    this.#ledger.take(source, id);
    for (const sliceUid of this.#ledger.slicesOf(id)) {
      if (this.#ledger.best(id, sliceUid) === "") this.#tell(id, sliceUid);
      else if (this.#told.has(containerKey(id, sliceUid))) {
        this.#later.set(containerKey(id, sliceUid), [id, sliceUid]);
      }
    }
  }

  #tellAll(id: string): void {
    for (const sliceUid of this.#ledger.slicesOf(id)) this.#tell(id, sliceUid);
  }

  /** Gives out what counts now, when it differs from what was given out. */
  #tell(id: string, sliceUid: number): void {
    if (this.#isClosed) return;
    const key = containerKey(id, sliceUid);
    const json = this.#ledger.best(id, sliceUid);
    const told = this.#told.get(key);
    if (json === "") {
      if (told === undefined || this.#leaving.has(key) || this.#named.get(key) !== undefined) return;
      if (this.#ledger.isSaid(id)) this.#unsay(id, sliceUid);
      this.#leaving.set(key, performance.now() + this.#graceMs);
      return;
    }
    this.#leaving.delete(key);
    if (json === told) return;
    const owner = sliceUid || this.#ledger.metAs(key)?.namespaceUid || ROOT;
    // what cannot be told now is told when house is kept
    if (!this.#pace.take(owner)) {
      this.#later.set(key, [id, sliceUid]);
      return this.#counters.count("directory", "delayed");
    }
    this.#unknown.delete(key);
    this.#told.set(key, json);
    this.#options.onRecord("container", json, key, told === undefined);
  }

  /** What was told turns out to be somebody's who has no say in it: no event shall show it any more. */
  #unsay(id: string, sliceUid: number): void {
    const key = containerKey(id, sliceUid);
    const json = this.#bare(this.#ledger.metAs(key)?.type ?? CONTAINER_TYPE.unknown, id, sliceUid);
    this.#told.set(key, json);
    this.#options.onRecord("container", json, key, false);
  }

  #learnNamed(met: MetContainer, engine: CgroupEngine): boolean {
    const { id, type, sliceUid } = met;
    if (!this.#options.settings.cgroups[engine]) return false;
    const key = containerKey(id, sliceUid);
    this.#counters.count("cgroup", "found");
    this.#leaving.delete(key);
    this.#named.set(key, performance.now() + NO_ENGINE_MS, shareOf(met));
    const json = this.#bare(type, id, sliceUid);
    const isNews = !this.#told.has(key);
    this.#told.set(key, json);
    this.#options.onRecord("container", json, key, isNews);
    return true;
  }

  /** Nothing but what the cgroup's name says. */
  #bare(type: number, id: string, sliceUid: number): string {
    return recordJson(makeFacts(type, id), this.#options.settings.labelMaxLength, undefined, sliceUid).json;
  }

  async #ask(met: MetContainer): Promise<boolean> {
    const key = containerKey(met.id, met.sliceUid);
    let result = await this.#askAll(met);
    for (const ms of RETRY_MS) {
      if (result !== "unknown") break;
      result = await this.#askAgain(met, ms);
    }
    if (result === "found") return true;
    this.#unknown.add(key, shareOf(met));
    if (result !== "trouble") this.#askLate(met);
    return false;
  }

  /** Asks every engine that could know; the first that does ends the waiting. */
  async #askAll(met: MetContainer): Promise<Outcome> {
    const { id, type, sliceUid, namespaceUid } = met;
    const share = shareOf(met);
    const key = containerKey(id, sliceUid);
    const sessions = [...this.#sessions.values()].filter((session) => {
      const uid = session.source?.owner;
      const hasSay = sliceUid === ROOT ? uid === ROOT || uid === namespaceUid : uid === sliceUid;
      return session.isUp && hasSay && couldKnow(session.engine, type);
    });
    if (sessions.length > 0 && !this.#budget.take(share)) {
      this.#counters.count("directory", "crowded");
      return "trouble";
    }
    if (sessions.length === 0) return "nobody";
    return await new Promise((resolve) => {
      let left = sessions.length;
      let result: Outcome = "unknown";
      for (const session of sessions) {
        this.#counters.count(session.engine, "asked");
        session.ask(id, share).then((answer) => {
          this.#counters.count(session.engine, answer.cause);
          if (answer.cause === "found") {
            const { source, facts, isWhole } = answer;
            if (this.#ledger.say(source, facts, isWhole)) this.#tellAll(facts.id);
            if (this.#told.has(key)) resolve("found");
          } else if (answer.cause !== "unknown") result = "trouble";
          if (--left === 0) resolve(result);
        });
      }
    });
  }

  async #askAgain(met: MetContainer, afterMs: number): Promise<Outcome> {
    const key = containerKey(met.id, met.sliceUid);
    await new Promise((resolve) => Deno.unrefTimer(Number(setTimeout(resolve, afterMs))));
    if (this.#told.has(key)) return "found";
    return this.#isClosed ? "trouble" : await this.#askAll(this.#ledger.metAs(key) ?? met);
  }

  /** Nobody waits for this any more. */
  async #askLate(met: MetContainer): Promise<void> {
    const result = await this.#askAgain(met, LATE_RETRY_MS);
    if (result === "found" || result === "trouble") return;
    this.#silence.nobodyKnows(met);
    this.#tellSilence();
  }

  #tellSilence(): void {
    const problem = this.#silence.problem(this.standings());
    if (problem === this.#silenceTold || this.#isClosed) return;
    this.#silenceTold = problem;
    this.#options.onSilence?.(problem);
  }

  #keepHouse(): void {
    this.#tellSilence();
    const now = performance.now();
    for (const [id, untilMs] of this.#named) {
      if (untilMs > now) break;
      this.#named.delete(id);
      this.#leaving.set(id, now);
    }
    for (const [id, untilMs] of this.#leaving) {
      if (untilMs > now) continue;
      this.#leaving.delete(id);
      const told = this.#told.get(id);
      this.#told.delete(id);
      if (told !== undefined) this.#options.onRecord("container_removed", told, id, true);
    }
    const later = [...this.#later.values()];
    this.#later.clear();
    for (const [id, sliceUid] of later) this.#tell(id, sliceUid);
    this.#openSessions();
  }
}
