// One source of facts over its whole life: waits for its socket, connects, follows its events, lists what there is, and
// begins again when it has gone.
// In: an engine at a path. Out: facts and removals through callbacks, answers to `ask`, lines of log (trouble_log.ts).
// Elsewhere: what becomes of the facts (directory.ts), as whom it speaks (engine_place.ts), the engines (engines/).
//
// Only what was asked for is taken from an answer. An engine of a user's is asked only about containers that an event has
// named: whatever it lists besides costs it nothing, and would cost us.

import { messageOf, pause } from "../../base/mod.ts";
import { bounded, obeying } from "./bounded.ts";
import { type ContainerFacts, shortId } from "./container_facts.ts";
import type { DirectoryCause } from "./directory_counters.ts";
import { type ContainerEngine, type EngineEvent, NoSuchEngine } from "./engine.ts";
import type { EngineKind } from "./engine_description.ts";
import type { EnginePlace } from "./engine_place.ts";
import type { EngineStanding } from "./engine_silence.ts";
import type { FactSource } from "./fact_source.ts";
import { QuickLook } from "./quick_look.ts";
import { TroubleLog } from "./trouble_log.ts";
import { TurnQueue } from "./turn_queue.ts";

export interface SessionOptions {
  /** for counters and the log */
  readonly engine: EngineKind;
  readonly path: string;
  /** the settings name this place */
  readonly isConfigured: boolean;
  readonly hooks: { readonly create: boolean; readonly start: boolean };
  readonly listTimeoutMs: number;
  /** an answer is all there is to know; otherwise lists and events have told the same part already */
  readonly tellsAll: boolean;
  /** undefined: there is nothing at its place */
  readonly findPlace: (onNothing: (what: string) => void) => Promise<EnginePlace | undefined>;
  readonly open: (place: EnginePlace) => Promise<ContainerEngine>;
  readonly onFacts: (source: FactSource, facts: ContainerFacts, isWhole: boolean) => void;
  readonly onRemoved: (source: FactSource, id: string) => void;
  /** the ids of all containers there are, after a list */
  readonly onListed: (source: FactSource, ids: readonly string[]) => void;
  /** whether an event has named this container */
  readonly isMet: (id: string) => boolean;
  readonly count: (engine: string, cause: DirectoryCause) => void;
  readonly log: (level: "info" | "warning", message: string) => void;
}

export type Answer = {
  readonly cause: "found";
  readonly source: FactSource;
  readonly facts: ContainerFacts;
  /** this is all there is to know */
  readonly isWhole: boolean;
} | {
  readonly cause: "unknown" | "timeout" | "error" | "refused";
};

const LOOK_FOR_SOCKET_MS = 3000;
const CONNECT_TIMEOUT_MS = 5000;
const ASK_TIMEOUT_MS = 3000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
/** An engine that restarts begins pods within a second of its return; a refused connection costs a millisecond. */
const RETURN_PAUSE_MS = 500;
const RETURNS_WITHIN_MS = 10 * 60_000;
/** A connection that has held for so long was a good one: the next pause is a short one. */
const GOOD_AFTER_MS = 10_000;
/** A pod's sandbox cannot be asked about before its network is ready, which takes seconds on a busy node. */
const RETRY_MS = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560];
/** What a quick look finds is what most alerts show: the rest does not hurry. */
const LOOKED_AT_RETRY_MS = RETRY_MS.filter((ms) => ms >= 160);
const MAX_QUESTIONS = 8;
/** Containers of a list that are taken in one turn of the event loop: some milliseconds. */
const AT_ONCE = 100;
const MAX_GONE = 4096;
const MAX_WHO_CHARACTERS = 100;
const ROOT = 0;
/** What the session asks by itself. */
const OWN_SHARE = "list";

export class EngineSession {
  readonly engine: EngineKind;
  readonly tellsAll: boolean;
  readonly #options: SessionOptions;
  readonly #stop = new AbortController();
  readonly #turns = new TurnQueue(MAX_QUESTIONS);
  readonly #quickLook = new QuickLook();
  /** ids that the session asks about by itself, and whether something has happened to them meanwhile */
  readonly #learning = new Map<string, boolean>();
  readonly #told: TroubleLog;
  /** when containers were removed */
  readonly #gone = new Map<string, number>();
  /** why it cannot be asked */
  #problem = "it has not answered yet";
  #source: FactSource | undefined;
  #engine: ContainerEngine | undefined;
  #lastUpMs = -Infinity;
  /** resolves when the session has listed its containers for the first time, or has failed to */
  readonly settled: Promise<void>;
  #settle: () => void = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
    this.engine = options.engine;
    this.tellsAll = options.tellsAll;
    this.settled = new Promise((resolve) => this.#settle = resolve);
    this.#told = new TroubleLog((level, what) =>
      options.log(level, `containers: ${this.engine} at ${options.path} ${what}`)
    );
  }

  get isUp(): boolean {
    return this.#engine !== undefined;
  }

  get standing(): EngineStanding {
    const { path, isConfigured } = this.#options;
    return { engine: this.engine, path, isConfigured, problem: this.isUp ? undefined : this.#problem };
  }

  /** As whom it speaks, or has spoken last. */
  get source(): FactSource | undefined {
    return this.#source;
  }

  async run(): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = FIRST_PAUSE_MS;
    let wasThere = false;
    while (!signal.aborted) {
      const startedMs = performance.now();
      try {
        const place = await this.#options.findPlace((what) => this.#problem = what);
        if (place === undefined) {
          if (wasThere) this.#told.trouble("is gone");
          wasThere = false;
          this.#settle();
          await pause(this.#mayReturn() ? RETURN_PAUSE_MS : LOOK_FOR_SOCKET_MS, signal);
          continue;
        }
        wasThere = true;
        try {
          await this.#follow(place, signal);
        } finally {
          place.close();
        }
        this.#problem = "it has ended the connection";
        if (!signal.aborted) this.#told.trouble("has ended the connection");
      } catch (error) {
        this.#problem = error instanceof NoSuchEngine ? `it does not speak ${this.engine}` : messageOf(error);
        if (error instanceof NoSuchEngine) pauseMs = LONGEST_PAUSE_MS;
        else if (!signal.aborted) this.#told.trouble(`cannot be asked: ${messageOf(error)}`);
      }
      if (this.#engine !== undefined) this.#lastUpMs = performance.now();
      this.#engine?.close();
      this.#engine = undefined;
      this.#settle();
      if (performance.now() - startedMs > GOOD_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
      await pause(pauseMs, signal);
      pauseMs = Math.min(this.#mayReturn() ? RETURN_PAUSE_MS : LONGEST_PAUSE_MS, pauseMs * 2);
    }
  }

  /** The host's own engine was there a short while ago. A user's may refuse as often as it likes. */
  #mayReturn(): boolean {
    return this.#source?.owner === ROOT && performance.now() - this.#lastUpMs < RETURNS_WITHIN_MS;
  }

  /**
   * Everything about one container, in bounded time.
   * @param share whose question it is: they all have their turns
   */
  async ask(id: string, share: string = OWN_SHARE): Promise<Answer> {
    const engine = this.#engine;
    const source = this.#source;
    if (engine === undefined || source === undefined) return { cause: "error" };
    const look = async (): Promise<Answer> => {
      const facts = await this.#look(source, engine, id, share);
      return facts === undefined ? { cause: "unknown" } : { cause: "found", source, facts, isWhole: false };
    };
    // events wait for this one; the session asks for the rest by itself
    const isAwaited = share !== OWN_SHARE && engine.glimpse !== undefined;
    const early = isAwaited ? await look() : undefined;
    if (early?.cause === "found") return early;
    if (!await this.#turns.take(share)) return { cause: "refused" };
    const timeout = AbortSignal.timeout(ASK_TIMEOUT_MS);
    const ofThis = (facts: ContainerFacts | undefined) => {
      // an answer that comes after the container's end would bring it back
      if (facts === undefined || this.#gone.has(facts.id)) return undefined;
      if (facts.full_id.startsWith(id)) return facts;
      this.#options.count(this.engine, "foreign");
      return undefined;
    };
    try {
      const signal = AbortSignal.any([this.#stop.signal, timeout]);
      const facts = ofThis(await obeying(engine.inspect(id, signal), timeout));
      if (facts !== undefined) return { cause: "found", source, facts, isWhole: this.tellsAll };
      return early ?? await look();
    } catch (error) {
      return { cause: timeout.aborted || /no answer/.test(messageOf(error)) ? "timeout" : "error" };
    } finally {
      this.#turns.done();
    }
  }

  close(): void {
    this.#stop.abort();
    this.#engine?.close();
    this.#engine = undefined;
  }

  async #follow(place: EnginePlace, stop: AbortSignal): Promise<void> {
    const { onListed, open } = this.#options;
    const { owner } = place;
    if (this.#source !== undefined && this.#source.owner !== owner) onListed(this.#source, []);
    if (this.#source?.owner !== owner) this.#source = { engine: this.engine, owner };
    const source = this.#source!;
    const engine = await open(place);
    const connection = new AbortController();
    const signal = AbortSignal.any([stop, connection.signal]);
    let holds: ReturnType<typeof setTimeout> | undefined;
    try {
      const who = await bounded(CONNECT_TIMEOUT_MS, signal, (bound) => engine.connect(bound));
      const what = `is ${who.slice(0, MAX_WHO_CHARACTERS)}${owner === ROOT ? "" : ` of user ${owner}`}`;
      this.#engine = engine;
      // events first, so that nothing is missed between the list and them
      const watching = engine.watch((event) => this.#take(source, event), signal);
      const listing = this.#list(source, engine, signal, () => {
        if (!this.#told.isTrouble) this.#told.fine(what);
        else holds = setTimeout(() => this.#told.fine(what), GOOD_AFTER_MS);
      }).finally(this.#settle);
      // the end of either ends both
      await Promise.race([watching, listing.then(() => watching)]);
    } finally {
      clearTimeout(holds);
      connection.abort();
      if (this.#engine !== engine) engine.close();
    }
  }

  async #list(
    source: FactSource,
    engine: ContainerEngine,
    signal: AbortSignal,
    onListed: () => void,
  ): Promise<void> {
    const startedMs = performance.now();
    const listed = await bounded(this.#options.listTimeoutMs, signal, (bound) => engine.list(bound));
    signal.throwIfAborted();
    // a host with thousands of containers must not hold up alerts
    const all: ContainerFacts[] = [];
    for (const [at, facts] of listed.entries()) {
      if (at % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve));
      signal.throwIfAborted();
      // events may have overtaken the list
      if ((this.#gone.get(facts.id) ?? -Infinity) >= startedMs) continue;
      this.#comes(source, facts);
      all.push(facts);
    }
    this.#options.onListed(source, all.map((facts) => facts.full_id));
    onListed();
    const left = !this.tellsAll
      ? []
      : all.map((facts) => facts.full_id).filter((id) => this.#isWanted(source, id));
    // some of the turns are left to questions that somebody waits for
    const work = async () => {
      for (let id = left.pop(); id !== undefined && !signal.aborted; id = left.pop()) {
        await this.#complete(id);
      }
    };
    await Promise.all(Array.from({ length: MAX_QUESTIONS / 2 }, work));
  }

  #isWanted({ owner }: FactSource, id: string): boolean {
    return owner === ROOT || this.#options.isMet(id);
  }

  #take(source: FactSource, event: EngineEvent): void {
    if (event.kind === "removed") {
      this.#gone.set(shortId(event.id), performance.now());
      if (this.#gone.size > MAX_GONE) this.#gone.delete(this.#gone.keys().next().value!);
      return this.#options.onRemoved(source, event.id);
    }
    this.#quickLook.noteId(event.id);
    if (event.facts !== undefined) this.#comes(source, event.facts);
    const { create, start } = this.#options.hooks;
    const isWanted = event.kind === "renamed" || (event.kind === "created" ? create : start);
    if (!this.tellsAll || !isWanted || !this.#isWanted(source, event.id)) return;
    this.#learn(source, event.id, event.kind === "created");
  }

  /** A container that is new, has begun, or has another name now. */
  async #learn(source: FactSource, id: string, isNew: boolean): Promise<void> {
    const engine = this.#engine;
    if (this.#learning.has(id)) this.#learning.set(id, true);
    if (engine === undefined || this.#learning.has(id)) return;
    this.#learning.set(id, false);
    // its first process runs within some hundredths of a second, and the whole answer may take longer
    const some = isNew ? await this.#look(source, engine, id, OWN_SHARE) : undefined;
    await this.#complete(id, some === undefined ? RETRY_MS : LOOKED_AT_RETRY_MS);
    const isOld = this.#learning.get(id);
    this.#learning.delete(id);
    if (isOld) await this.#complete(id);
  }

  /** What the engine can tell at once is handed over at once. */
  async #look(
    source: FactSource,
    engine: ContainerEngine,
    id: string,
    share: string,
  ): Promise<ContainerFacts | undefined> {
    const facts = await this.#quickLook.take(engine, id, share, this.#stop.signal);
    if (facts === undefined || this.#gone.has(facts.id)) return undefined;
    if (!facts.full_id.startsWith(id)) {
      this.#options.count(this.engine, "foreign");
      return undefined;
    }
    this.#comes(source, facts);
    return facts;
  }

  /** What a list or an event says of a container that is there. */
  #comes(source: FactSource, facts: ContainerFacts): void {
    this.#gone.delete(facts.id);
    this.#options.onFacts(source, facts, false);
  }

  /** @param retryMs an engine reports what it has just created before it can be asked about it */
  async #complete(id: string, [retryMs, ...more]: readonly number[] = []): Promise<void> {
    const answer = await this.ask(id);
    const isFound = answer.cause === "found";
    if (isFound) this.#options.onFacts(answer.source, answer.facts, answer.isWhole);
    const comes = isFound ? !answer.isWhole : answer.cause === "unknown";
    if (!comes || retryMs === undefined) return;
    await pause(retryMs, this.#stop.signal);
    await this.#complete(id, more);
  }
}
