// Alerts to an MQTT topic with QoS 1: the broker's PUBACK is what counts.
// In: batches. Out: each message acknowledged, or which ones are not. MQTT cannot tell repeated messages: with version
// 5 a reader recognises them by the user property `id`.
// Elsewhere: keys (config/sinks/mqtt.ts), repeating (outputs/sink_queue.ts).

import { Buffer } from "node:buffer";
import { Socket } from "node:net";
import type { MqttClient } from "mqtt";
import type { MQTT, RecordOf } from "../../config/mod.ts";
import { alertId } from "../../alerts/mod.ts";
import { Connection } from "../network/connection.ts";
import { guardSockets } from "../network/guard_sockets.ts";
import { oneLine, publicUrl } from "../network/network_error.ts";
import { settleEach } from "../network/settle_each.ts";
import { readTlsFiles } from "../network/tls_files.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";

export type MqttSinkKeys = RecordOf<typeof MQTT.keys>;

/** MQTT 5: packet too large, payload format invalid */
const MESSAGE_REFUSED = [0x95, 0x99];
const FIRST_ERROR_CODE = 0x80;
/** Mosquitto refuses a message that is larger than its message_size_limit with a code that MQTT does not have there. */
const MISREAD = /invalid puback reason code/i;
/** topic, properties and all else of a packet besides the body, generously */
const HEADER_BYTES = 1024;

/** Many brokers hold back more than so many messages. */
const MAX_UNANSWERED = 100;

interface Limits {
  readonly maxPacketBytes: number;
  readonly maxUnanswered: number;
}

interface Opened extends Limits {
  readonly client: MqttClient;
  /** the library could not read an answer to one of the messages, we do not know which, and hung up */
  misread?: string;
}

export class MqttSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  /** both the connection and a batch have their own */
  readonly attemptTimeoutMs = Infinity;
  readonly #keys: MqttSinkKeys;
  /** kept over connections: the broker then ends one that is only half closed */
  readonly #clientId: string;
  readonly #connection: Connection<Opened>;

  constructor(name: string, keys: MqttSinkKeys) {
    this.name = name;
    this.maxBatch = keys.batch_max;
    this.#keys = keys;
    this.#clientId = keys.client_id || `falco-${crypto.randomUUID().slice(0, 8)}`;
    this.#connection = new Connection({
      what: `MQTT at ${publicUrl(keys.url)}`,
      timeoutMs: keys.timeout,
      open: (signal) => this.#open(signal),
      close: ({ client }) => client.endAsync(true),
    });
  }

  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    return this.#connection.use(signal, async (opened, inner) => {
      try {
        const { maxUnanswered } = opened;
        await settleEach(batch, inner, (message) => this.#publish(opened, message), mqttError, maxUnanswered);
      } catch (error) {
        throw opened.misread === undefined ? error : misreadError(opened.misread, error);
      }
    });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #publish({ client, maxPacketBytes }: Opened, { alert, body }: SinkMessage): Promise<void> {
    if (
      body.length + HEADER_BYTES > maxPacketBytes && Buffer.byteLength(body) + HEADER_BYTES > maxPacketBytes
    ) {
      throw refusal(`the MQTT broker takes ${maxPacketBytes} bytes at most, an alert has more`, "too_large");
    }
    const properties = {
      payloadFormatIndicator: true,
      // control characters are not allowed here
      userProperties: { id: alertId(alert), rule: oneLine(alert.rule), priority: alert.priority },
    };
    const isNew = this.#keys.protocol === "5";
    await client.publishAsync(this.#keys.topic, body, { qos: 1, ...(isNew ? { properties } : {}) });
  }

  async #open(signal: AbortSignal): Promise<Opened> {
    const { connect } = await import("mqtt");
    const { url, user, password, timeout, protocol } = this.#keys;
    guardSockets();
    const client = connect(url, {
      protocolVersion: protocol === "5" ? 5 : 4,
      clientId: this.#clientId,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: timeout,
      ...(user === "" ? {} : { username: user, password }),
      ...(url.startsWith("mqtts:") ? await readTlsFiles(this.#keys) : {}),
    });
    signal.addEventListener("abort", () => client.end(true), { once: true });
    try {
      const limits = await connected(client);
      // small packets and an answer to each: without it every batch waits for a delayed acknowledgement
      if (client.stream instanceof Socket) client.stream.setNoDelay(true);
      const opened: Opened = { client, ...limits };
      // messages without an answer fail then; the library would keep them for the next connection
      const end = () => {
        this.#connection.forget(opened);
        client.end(true);
      };
      client.on("error", ({ message }) => {
        if (MISREAD.test(message)) opened.misread = message;
        end();
      });
      client.on("close", end);
      return opened;
    } catch (error) {
      client.end(true);
      throw error;
    }
  }
}

/** Resolves to what the broker says that it takes. */
function connected(client: MqttClient): Promise<Limits> {
  return new Promise((resolve, reject) => {
    client.once("connect", ({ properties }) =>
      resolve({
        maxPacketBytes: properties?.maximumPacketSize ?? Infinity,
        maxUnanswered: Math.min(properties?.receiveMaximum ?? MAX_UNANSWERED, MAX_UNANSWERED),
      }));
    client.once("error", reject);
    client.once("close", () => reject(new Error("connection closed before the broker had answered")));
  });
}

function mqttError(error: unknown): SinkError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, message } = error as Error & { readonly code?: unknown };
  if (typeof code !== "number" || code < FIRST_ERROR_CODE) return undefined;
  const word = `0x${code.toString(16)}`;
  return new SinkError(`the MQTT broker answers ${word}: ${oneLine(message)}`, {
    retryable: !MESSAGE_REFUSED.includes(code),
    cause: `mqtt_${word}`,
  });
}

/** Not one of them may be sent together with others again: alone, the guilty one is known. */
function misreadError(misread: string, error: unknown): SinkError {
  const { delivered = [] } = error instanceof SinkError ? error.details : {};
  return new SinkError(`the MQTT broker refuses an alert: ${misread}`, {
    retryable: false,
    cause: "mqtt_refused",
    delivered,
  });
}

function refusal(message: string, cause: string): SinkError {
  return new SinkError(message, { retryable: false, cause });
}
