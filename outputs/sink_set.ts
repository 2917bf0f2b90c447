// All sinks of a run, each behind its queue, and the spool that they share.
// In: plans, at the start and at each reload; alerts. Out: alerts in every queue; counts per sink.
// Elsewhere: which sinks there are (create_sinks.ts), who makes alerts (service/run/alert_output.ts).

import type { Settings } from "../config/mod.ts";
import type { OutgoingAlert } from "../alerts/mod.ts";
import { MemoryBacklog, type QueuedMessage } from "./backlog.ts";
import { planSinks, type SinkPlan } from "./create_sinks.ts";
import { tryReceiver } from "./network/try_receiver.ts";
import { asSinkError } from "./sink.ts";
import { SinkQueue } from "./sink_queue.ts";
import type { SinkStats } from "./sink_stats.ts";
import type { SinkSurroundings } from "./sink_types.ts";
import type { SpoolStats } from "./spool.ts";
import { SpoolBacklog } from "./spool_backlog.ts";
import { SpoolClient } from "./spool_client.ts";

/** A reader that has stopped reading must not keep the program from ending. */
const LEAST_PATIENCE_MS = 2000;
const MOST_PATIENCE_MS = 60_000;
/** Its last transaction is small; a disk that hangs keeps nobody from ending. */
const SPOOL_PATIENCE_MS = 2000;

interface OpenSink {
  readonly key: string;
  readonly keys: SinkPlan["keys"];
  readonly queue: SinkQueue;
}

export class SinkSet {
  readonly #surroundings: SinkSurroundings;
  #settings: Settings;
  #sinks = new Map<string, OpenSink>();
  #spool: { readonly directory: string; readonly spool: SpoolClient } | undefined;
  /** of sinks that a reload has taken away */
  #droppedBefore = 0n;
  #closing: Promise<void> | undefined;

  constructor(settings: Settings, surroundings: SinkSurroundings) {
    this.#settings = settings;
    this.#surroundings = surroundings;
    this.#open();
  }

  /**
   * Sinks that have not changed keep their queue. Changed ones are replaced at once: the new one gets what waits, and
   * begins to deliver when the attempt of the old one has ended. Those that are gone deliver what they can in time.
   * Resolves then.
   */
  async configure(settings: Settings): Promise<void> {
    this.#settings = settings;
    await Promise.all(this.#open());
  }

  offer(alert: OutgoingAlert): void {
    for (const { queue } of this.#sinks.values()) queue.offer(alert);
  }

  /** Looks whether alerts could get through, without connecting to anybody. Why not, by the name of each sink. */
  async tryOut(): Promise<Map<string, string | undefined>> {
    const problems = new Map<string, string | undefined>();
    await Promise.all([...this.#sinks].map(async ([name, { queue, keys }]) => {
      try {
        if (!await queue.tryOut()) await tryReceiver(keys);
        problems.set(name, undefined);
      } catch (error) {
        problems.set(name, asSinkError(error).message);
      }
    }));
    return problems;
  }

  /** Resolves when everything is delivered, but for sinks that fail. */
  async settled(): Promise<void> {
    await Promise.all(this.#queues().map((queue) => queue.settled()));
  }

  /** Resolves when what was offered is in the spool, or never will be. */
  async written(): Promise<void> {
    await Promise.all(this.#queues().map((queue) => queue.written()));
  }

  async reopen(): Promise<void> {
    await Promise.all(this.#queues().map((queue) => queue.reopen()));
  }

  /** Delivers what is left, unless that takes too long. Of a recording nothing is lost while sinks get on with it. */
  close(patienceMs?: number): Promise<void> {
    return this.#closing ??= this.#close(patienceMs);
  }

  stats(): SinkStats[] {
    return this.#queues().map((queue) => queue.stats());
  }

  get isMoving(): boolean {
    return this.#queues().every((queue) => queue.isMoving);
  }

  spoolStats(): SpoolStats | undefined {
    return this.#spool?.spool.stats();
  }

  /** Alerts that a sink will never get, all sinks together. */
  get dropped(): bigint {
    return this.stats().reduce((sum, stats) => sum + droppedOf(stats), this.#droppedBefore);
  }

  async #close(patienceMs = this.#patienceMs()): Promise<void> {
    if (this.#surroundings.waits) await this.#settledOrStuck(patienceMs);
    const graceMs = Math.max(patienceMs, this.#settings.output_stop_grace);
    await Promise.all(this.#queues().map((queue) => queue.close(patienceMs, graceMs)));
    await this.#spool?.spool.close(Math.min(patienceMs, SPOOL_PATIENCE_MS));
  }

  async #settledOrStuck(patienceMs: number): Promise<void> {
    const settled = this.settled().then(() => true);
    for (let before = -1n, isSettled = false; !isSettled;) {
      const delivered = this.stats().reduce((sum, stats) => sum + stats.delivered, 0n);
      if (delivered === before) return;
      before = delivered;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), patienceMs));
      isSettled = await Promise.race([settled, patience]);
      clearTimeout(timer);
    }
  }

  #queues(): SinkQueue[] {
    return [...this.#sinks.values()].map(({ queue }) => queue);
  }

  /** Falco waits as long as output_timeout says; a value for tests of blocked outputs should not cost alerts. */
  #patienceMs(): number {
    return Math.min(MOST_PATIENCE_MS, Math.max(LEAST_PATIENCE_MS, this.#settings.output_timeout));
  }

  /** The ends of the sinks that go. */
  #open(): Promise<void>[] {
    const plans = planSinks(this.#settings, this.#surroundings);
    const before = this.#sinks;
    const oldSpool = this.#openSpool(plans.some(({ isSpooled }) => isSpooled));
    const ends: Promise<void>[] = [];
    const now = new Map<string, OpenSink>();
    for (const plan of plans) {
      const old = before.get(plan.name);
      before.delete(plan.name);
      if (old?.key === plan.key) {
        now.set(plan.name, old);
        continue;
      }
      const end = old === undefined ? undefined : this.#handOver(old.queue);
      if (end !== undefined) ends.push(end.then(() => {}));
      now.set(plan.name, { key: plan.key, keys: plan.keys, queue: this.#create(plan, end) });
    }
    for (const { queue } of before.values()) ends.push(this.#end(queue));
    this.#sinks = now;
    if (oldSpool !== undefined) ends.push(Promise.all(ends).then(() => oldSpool.close(SPOOL_PATIENCE_MS)));
    return ends;
  }

  #create(plan: SinkPlan, startAfter: Promise<readonly QueuedMessage[]> | undefined): SinkQueue {
    const spool = plan.isSpooled ? this.#spool?.spool : undefined;
    const slowMs = this.#settings.output_timeout;
    return new SinkQueue({
      sink: plan.create(),
      type: plan.type,
      format: plan.format,
      leastPriority: plan.leastPriority,
      backlog: (onDrop, onMore) =>
        spool === undefined
          ? new MemoryBacklog(plan.bounds, onDrop)
          : new SpoolBacklog(plan.name, spool, plan.bounds, onDrop, onMore),
      slowMs: slowMs === 0 ? Infinity : slowMs,
      longestRetryAfterMs: this.#settings.output_retry_after_max,
      onNews: this.#surroundings.onNews,
      ...(startAfter === undefined ? {} : { startAfter }),
    });
  }

  async #end(queue: SinkQueue): Promise<void> {
    await queue.close(this.#patienceMs(), this.#settings.output_stop_grace);
    this.#droppedBefore += droppedOf(queue.stats());
  }

  async #handOver(queue: SinkQueue): Promise<readonly QueuedMessage[]> {
    const left = await queue.handOver(this.#patienceMs(), this.#settings.output_stop_grace);
    this.#droppedBefore += droppedOf(queue.stats());
    return left;
  }

  /** The spool that nobody uses any more. */
  #openSpool(isWanted: boolean): SpoolClient | undefined {
    const directory = this.#settings["spool.directory"];
    const limits = {
      maxBytes: this.#settings["spool.max_bytes"],
      maxAgeMs: this.#settings["spool.max_age_s"] * 1000,
    };
    const old = this.#spool;
    if (isWanted && old?.directory === directory) {
      old.spool.limits = limits;
      return undefined;
    }
    this.#spool = isWanted
      ? { directory, spool: new SpoolClient(directory, limits, this.#surroundings.onNews) }
      : undefined;
    return old?.spool;
  }
}

function droppedOf({ dropped }: SinkStats): bigint {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0n);
}
