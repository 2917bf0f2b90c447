// Alerts to a NATS subject that a JetStream stream listens to; the stream's acknowledgement is what counts.
// In: batches, published one after the other without waiting in between. Out: each message acknowledged, or which ones
// are not. Nats-Msg-Id lets the stream recognise what it has (within its duplicate window, two minutes by default).
// Elsewhere: keys (config/sinks/nats.ts), repeating (outputs/sink_queue.ts).

import type { JetStreamClient } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { NATS, RecordOf } from "../../config/mod.ts";
import { readSlowFile } from "../../files/mod.ts";
import { alertId } from "../../alerts/mod.ts";
import { Connection } from "../network/connection.ts";
import { guardSockets } from "../network/guard_sockets.ts";
import { oneLine } from "../network/network_error.ts";
import { settleEach } from "../network/settle_each.ts";
import { MAX_SECRET_BYTES, readTlsFiles } from "../network/tls_files.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type NatsSinkKeys = RecordOf<typeof NATS.keys>;

interface Opened {
  readonly nats: NatsConnection;
  readonly stream: JetStreamClient;
}

/** maximum message size of the stream, headers that are too large, payload over the server's limit */
const MESSAGE_REFUSED = /message size exceeds maximum|header size exceeds maximum|max_payload size exceeded/i;

export class NatsSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** both the connection and a batch have their own */
  readonly attemptTimeoutMs = Infinity;
  readonly #keys: NatsSinkKeys;
  readonly #connection: Connection<Opened>;

  constructor(name: string, keys: NatsSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#keys = keys;
    this.#connection = new Connection({
      what: `NATS at ${keys.servers}`,
      timeoutMs: keys.timeout,
      open: () => this.#open(),
      close: ({ nats }) => nats.close(),
    });
  }

  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    return this.#connection.use(
      signal,
      ({ stream }, inner) => settleEach(batch, inner, (message) => this.#publish(stream, message), natsError),
    );
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #publish(stream: JetStreamClient, { alert, body }: SinkMessage): Promise<void> {
    const { subject, timeout, stream: expected } = this.#keys;
    await stream.publish(subject, body, {
      msgID: alertId(alert),
      timeout,
      ...(expected === "" ? {} : { expect: { streamName: expected } }),
    });
  }

  async #open(): Promise<Opened> {
    const [{ connect, credsAuthenticator }, { jetstream }] = await Promise.all([
      import("@nats-io/transport-node"),
      import("@nats-io/jetstream"),
    ]);
    const { servers, user, password, token, credentials, timeout } = this.#keys;
    const tls = await readTlsFiles(this.#keys);
    guardSockets();
    const nats = await connect({
      servers: servers.split(",").map((server) => server.trim()),
      name: "falco",
      reconnect: false,
      timeout,
      ...(user === "" ? {} : { user, pass: password }),
      ...(token === "" ? {} : { token }),
      ...(credentials === ""
        ? {}
        : { authenticator: credsAuthenticator(await readCredentials(credentials)) }),
      ...(servers.includes("tls://") || Object.keys(tls).length > 0 ? { tls } : {}),
    });
    const opened = { nats, stream: jetstream(nats, { timeout }) };
    nats.closed().then(() => this.#connection.forget(opened)).catch(() => {});
    return opened;
  }
}

function natsError(error: unknown): SinkError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (MESSAGE_REFUSED.test(error.message)) {
    return new SinkError(`NATS refuses an alert: ${oneLine(error.message)}`, {
      retryable: false,
      cause: "too_large",
    });
  }
  if (error.name === "JetStreamNotEnabled" || error.name === "NoRespondersError") {
    return new SinkError(`no JetStream stream listens to the subject: ${oneLine(error.message)}`, {
      retryable: true,
      cause: "no_stream",
    });
  }
  if (error.name === "JetStreamApiError" || error.name === "JetStreamError") {
    return new SinkError(`JetStream answers: ${oneLine(error.message)}`, {
      retryable: true,
      cause: "jetstream",
    });
  }
  return undefined;
}

async function readCredentials(path: string): Promise<Uint8Array> {
  const read = await readSlowFile(path, MAX_SECRET_BYTES);
  if ("bytes" in read) return read.bytes;
  throw new SinkError(`credentials: ${path} cannot be read: ${read.problem.reason}`, {
    retryable: true,
    cause: "tls_files",
  });
}
