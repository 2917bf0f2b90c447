// The quick look at a container that has just turned up: a few cheap answers of its engine, which its first events wait for.
// In: ids, whole or cut as events have them. Out: what the engine can tell of them at once.
// Elsewhere: everything there is to know (engine_session.ts), which waits for its turn behind such questions of others.
//
// Quick looks have turns of their own: on a busy node the whole answers for a crowd of new containers take many seconds.

import { bounded } from "./bounded.ts";
import { type ContainerFacts, shortId } from "./container_facts.ts";
import type { ContainerEngine } from "./engine.ts";
import { TurnQueue } from "./turn_queue.ts";

const TIMEOUT_MS = 3000;
const AT_ONCE = 8;
const MAX_FULL_IDS = 4096;

export class QuickLook {
  readonly #turns = new TurnQueue(AT_ONCE);
  readonly #underWay = new Map<string, Promise<ContainerFacts | undefined>>();
  /** of containers that were created of late: an engine finds a whole id without a search */
  readonly #fullIds = new Map<string, string>();

  /** An event of the engine's own has named a container. */
  noteId(fullId: string): void {
    this.#fullIds.delete(shortId(fullId));
    this.#fullIds.set(shortId(fullId), fullId);
    if (this.#fullIds.size > MAX_FULL_IDS) this.#fullIds.delete(this.#fullIds.keys().next().value!);
  }

  /**
   * Undefined: the engine does not know it, or does not answer, or cannot tell anything so quickly.
   * @param share whose question it is
   */
  take(
    engine: ContainerEngine,
    id: string,
    share: string,
    stop: AbortSignal,
  ): Promise<ContainerFacts | undefined> {
    if (engine.glimpse === undefined) return Promise.resolve(undefined);
    const known = this.#fullIds.get(shortId(id));
    const whole = known?.startsWith(id) ? known : id;
    const underWay = this.#underWay.get(whole);
    if (underWay !== undefined) return underWay;
    const look = this.#look(engine, whole, share, stop).finally(() => this.#underWay.delete(whole));
    this.#underWay.set(whole, look);
    return look;
  }

  async #look(
    engine: ContainerEngine,
    id: string,
    share: string,
    stop: AbortSignal,
  ): Promise<ContainerFacts | undefined> {
    if (!await this.#turns.take(share)) return undefined;
    try {
      return await bounded(TIMEOUT_MS, stop, (signal) => engine.glimpse!(id, signal));
    } catch {
      // it is asked about in full in any case
      return undefined;
    } finally {
      this.#turns.done();
    }
  }
}
