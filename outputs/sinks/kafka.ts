// Alerts to a Kafka topic, acknowledged by all in-sync replicas.
// In: batches. Out: acknowledged, or not. All messages have the hostname as their key, so that the alerts of a host
// stay in order in one partition: a batch is one record batch, which Kafka takes or refuses as a whole. A reader
// recognises a repeated alert by the header `id`.
// Elsewhere: keys (config/sinks/kafka.ts), repeating, and finding the bad message of a batch (outputs/sink_queue.ts).

import { connect as connectTcp, isIP, type Socket } from "node:net";
import process from "node:process";
import { connect as connectTls } from "node:tls";
import type { ISocketFactoryArgs, Producer, SASLOptions } from "kafkajs";
import type { KAFKA, RecordOf } from "../../config/mod.ts";
import { alertId } from "../../alerts/mod.ts";
import { Connection } from "../network/connection.ts";
import { guardSockets } from "../network/guard_sockets.ts";
import { oneLine } from "../network/network_error.ts";
import { readTlsFiles } from "../network/tls_files.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type KafkaSinkKeys = RecordOf<typeof KAFKA.keys>;

interface Opened {
  readonly producer: Producer;
  readonly sockets: ReadonlySet<Socket>;
}

const ALL_IN_SYNC_REPLICAS = -1;
const KEEP_ALIVE_MS = 60_000;
/** What Kafka says of a message. CORRUPT_MESSAGE is not among them: what was damaged on the way can be sent again. */
const MESSAGE_REFUSED = [
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
];

export class KafkaSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** both the connection and a batch have their own */
  readonly attemptTimeoutMs = Infinity;
  readonly #keys: KafkaSinkKeys;
  readonly #connection: Connection<Opened>;

  constructor(name: string, keys: KafkaSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#keys = keys;
    this.#connection = new Connection({
      what: `Kafka at ${keys.brokers}`,
      timeoutMs: keys.timeout,
      open: (signal) => this.#open(signal),
      close: closeAll,
    });
  }

  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    return this.#connection.use(signal, async ({ producer }) => {
      const { CompressionTypes } = (await import("kafkajs")).default;
      try {
        await producer.send({
          topic: this.#keys.topic,
          acks: ALL_IN_SYNC_REPLICAS,
          timeout: this.#keys.timeout,
          compression: CompressionTypes[this.#keys.compression === "gzip" ? "GZIP" : "None"],
          messages: batch.map(({ alert, body }) => ({
            key: alert.hostname,
            value: body,
            timestamp: String(alert.timeNs / 1_000_000n),
            headers: { id: alertId(alert), rule: alert.rule, priority: alert.priority },
          })),
        });
      } catch (error) {
        throw kafkaError(error) ?? error;
      }
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { Kafka, Partitioners, logLevel } = (await import("kafkajs")).default;
    silenceTimerWarnings();
    guardSockets();
    const { brokers, client_id, timeout, tls } = this.#keys;
    const certificates = tls ? await readTlsFiles(this.#keys) : undefined;
    const sasl = saslOptions(this.#keys);
    const sockets = new Set<Socket>();
    const kafka = new Kafka({
      brokers: brokers.split(",").map((broker) => broker.trim()),
      clientId: client_id,
      connectionTimeout: timeout,
      authenticationTimeout: timeout,
      requestTimeout: timeout,
      retry: { retries: 0 },
      // what it would log is in its errors
      logLevel: logLevel.NOTHING,
      ...(certificates === undefined ? {} : { ssl: certificates }),
      ...(sasl === undefined ? {} : { sasl }),
      socketFactory: (wanted) => openSocket(wanted, sockets),
    });
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    const opened = { producer, sockets };
    // the library goes on connecting when nobody waits any more
    signal.addEventListener("abort", () => destroyAll(sockets), { once: true });
    try {
      await producer.connect();
      return opened;
    } catch (error) {
      destroyAll(sockets);
      throw kafkaError(error) ?? error;
    }
  }
}

let isSilenced = false;

/** The library sets timers to times in the past, harmlessly, and each process would say so on standard error. */
function silenceTimerWarnings(): void {
  if (isSilenced) return;
  isSilenced = true;
  const listeners = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "TimeoutNegativeWarning") return;
    for (const listener of listeners) listener(warning);
  });
}

/** As the library's own does; but we know its sockets and can end them when a broker does not answer. */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs, sockets: Set<Socket>): Socket {
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = ssl
    ? connectTls({ host, port, ...name, ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  socket.setNoDelay(true);
  // the library removes its listeners when it hangs up; an error after that is nobody's
  socket.on("error", () => {});
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
  return socket;
}

function destroyAll(sockets: ReadonlySet<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

async function closeAll({ producer, sockets }: Opened): Promise<void> {
  destroyAll(sockets);
  await producer.disconnect();
}

function saslOptions({ sasl, user, password }: KafkaSinkKeys): SASLOptions | undefined {
  return sasl === "none" ? undefined : { mechanism: sasl, username: user, password };
}

function kafkaError(error: unknown): SinkError | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { type } = at as Error & { readonly type?: unknown };
    if (typeof type !== "string") continue;
    return new SinkError(`Kafka answers ${oneLine(type)}: ${oneLine(at.message)}`, {
      retryable: !MESSAGE_REFUSED.includes(type),
      cause: `kafka_${type.toLowerCase().replace(/[^a-z_]/g, "")}`,
    });
  }
  return undefined;
}
