// One connection to a receiver: opened when it is first needed, kept while it works, thrown away when it fails.
// In: how to open and close one, then actions. Out: their results, or a SinkError.
// Elsewhere: when to try again, which is the queue's business (outputs/sink_queue.ts). The libraries' own ways of
// reconnecting are switched off: they would keep messages that the queue keeps as well, and send them twice.

import { within } from "../../base/mod.ts";
import { networkError } from "./network_error.ts";
import { withinTime } from "./time_limit.ts";

export interface ConnectionKind<C> {
  /** for error messages, without secrets: `nats sink "x" at nats://host:4222` */
  readonly what: string;
  /** for opening, and again for each action */
  readonly timeoutMs: number;
  /** Cleans up after itself when it fails; when the signal fires, nobody waits for it any more. */
  open(signal: AbortSignal): Promise<C>;
  /** At once, without waiting for answers. */
  close(connection: C): Promise<void> | void;
}

const CLOSE_PATIENCE_MS = 1000;

export class Connection<C> {
  readonly #kind: ConnectionKind<C>;
  #current: C | undefined;

  constructor(kind: ConnectionKind<C>) {
    this.#kind = kind;
  }

  /** Any failure closes the connection: what it did with unanswered messages is unknown, a new one has none. */
  async use<T>(signal: AbortSignal, action: (connection: C, signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      const connection = this.#current ??= await this.#open(signal);
      const { what, timeoutMs } = this.#kind;
      return await withinTime(what, timeoutMs, signal, (inner) => action(connection, inner));
    } catch (error) {
      await this.close();
      throw networkError(this.#kind.what, error);
    }
  }

  /** For a connection that reports by itself that it has ended. */
  forget(connection: C): void {
    if (this.#current === connection) this.#current = undefined;
  }

  async close(): Promise<void> {
    const connection = this.#current;
    this.#current = undefined;
    if (connection !== undefined) await this.#closeQuietly(connection);
  }

  async #open(signal: AbortSignal): Promise<C> {
    const { what, timeoutMs } = this.#kind;
    let late = false;
    try {
      return await withinTime(`${what}, connecting`, timeoutMs, signal, async (inner) => {
        const connection = await this.#kind.open(inner);
        if (late) await this.#closeQuietly(connection);
        return connection;
      });
    } catch (error) {
      late = true;
      throw error;
    }
  }

  async #closeQuietly(connection: C): Promise<void> {
    const closing = (async () => await this.#kind.close(connection))();
    await within(CLOSE_PATIENCE_MS, closing.catch(() => {}));
  }
}
