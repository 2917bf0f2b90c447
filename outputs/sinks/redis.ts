// Alerts to a Redis stream, an entry each.
// In: batches, sent as a pipeline of XADD. Out: each entry's id, or which messages have none. Redis numbers entries
// itself, so that those of many hosts stand in one order; a reader recognises a repeated alert by its field `id`.
// Elsewhere: keys (config/sinks/redis.ts), repeating (outputs/sink_queue.ts).

import type { RecordOf, REDIS } from "../../config/mod.ts";
import { alertId } from "../../alerts/mod.ts";
import { Connection } from "../network/connection.ts";
import { flatReplies } from "../network/flat_replies.ts";
import { guardSockets, SCREEN } from "../network/guard_sockets.ts";
import { oneLine, publicUrl } from "../network/network_error.ts";
import { settleEach } from "../network/settle_each.ts";
import { readTlsFiles } from "../network/tls_files.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type RedisSinkKeys = RecordOf<typeof REDIS.keys>;

/** What is asked of the library's client. */
interface Client {
  readonly isOpen: boolean;
  connect(): Promise<unknown>;
  sendCommand(words: string[]): Promise<unknown>;
  destroy(): void;
  on(event: "error", listener: () => void): unknown;
}

/** Redis' answers begin with such a word when something is wrong with Redis and not with us. */
const WORD = /^[A-Z]{3,20}\b/;

export class RedisSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** both the connection and a batch have their own */
  readonly attemptTimeoutMs = Infinity;
  readonly #keys: RedisSinkKeys;
  readonly #connection: Connection<Client>;

  constructor(name: string, keys: RedisSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#keys = keys;
    this.#connection = new Connection({
      what: `Redis at ${publicUrl(keys.url)}`,
      timeoutMs: keys.timeout,
      open: (signal) => this.#open(signal),
      close: destroy,
    });
  }

  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    return this.#connection.use(
      signal,
      (client, inner) =>
        settleEach(batch, inner, (message) => client.sendCommand(this.#command(message)), redisError),
    );
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #command({ alert, body }: SinkMessage): string[] {
    const { stream, max_length } = this.#keys;
    const trim = max_length > 0 ? ["MAXLEN", "~", String(max_length)] : [];
    const fields = {
      id: alertId(alert),
      rule: alert.rule,
      priority: alert.priority,
      source: alert.source,
      body,
    };
    return ["XADD", stream, ...trim, "*", ...Object.entries(fields).flat()];
  }

  async #open(signal: AbortSignal): Promise<Client> {
    const { createClient } = await import("@redis/client");
    const { url, user, password, timeout } = this.#keys;
    guardSockets();
    const common = { reconnectStrategy: false, connectTimeout: timeout, [SCREEN]: flatReplies } as const;
    const client: Client = createClient({
      url,
      name: "falco",
      // the answers that matter here are the same in both, and old servers know only this one
      RESP: 2,
      disableOfflineQueue: true,
      ...(user === "" ? {} : { username: user }),
      ...(password === "" ? {} : { password }),
      socket: url.startsWith("rediss:")
        ? { ...common, tls: true, ...await readTlsFiles(this.#keys) }
        : common,
    });
    // a connection that ends by itself is reported here, and only here
    client.on("error", () => this.#connection.forget(client));
    signal.addEventListener("abort", () => destroy(client), { once: true });
    await client.connect();
    return client;
  }
}

/** The library takes it amiss when there is nothing to destroy. */
function destroy(client: Client): void {
  if (client.isOpen) client.destroy();
}

/** Whatever Redis answers (OOM, READONLY, WRONGTYPE …) is about its state, which can be put right. */
function redisError(error: unknown): SinkError | undefined {
  if (!(error instanceof Error)) return undefined;
  const word = WORD.exec(error.message)?.[0];
  if (word === undefined || error.constructor.name === "Error") return undefined;
  return new SinkError(`Redis answers: ${oneLine(error.message)}`, {
    retryable: true,
    cause: `redis_${word.toLowerCase()}`,
  });
}
