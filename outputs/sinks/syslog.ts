// Alerts to syslog: this host's own, or a remote one by RFC 5424 over UDP, TCP (octet counting) or TLS.
// In: batches. Out: messages on a socket. Syslog has no answers: delivered means that the kernel has taken it, and for
// TCP and TLS that the receiver had not ended the connection by then. What was sent shortly before a connection ends is
// in doubt: a receiver that goes away says so too late. It is sent again on the next one.
// Elsewhere: the messages (outputs/local_syslog/syslog_message.ts), the sockets (outputs/local_syslog/local_syslog.ts, syslog_transport.ts).

import process from "node:process";
import { messageOf } from "../../base/mod.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { LocalSyslog } from "../local_syslog/local_syslog.ts";
import {
  localMessage,
  remoteMessage,
  severityOf,
  type SyslogIdentity,
} from "../local_syslog/syslog_message.ts";
import { connectSyslog, type SyslogTls, type SyslogTransport } from "./syslog_transport.ts";

export interface SyslogSinkOptions extends SyslogIdentity {
  readonly name: string;
  /** "" for this host, unix:///PATH, udp://HOST:PORT, tcp://…, tls://… */
  readonly address: string;
  readonly tls: SyslogTls;
  readonly timeoutMs: number;
  readonly onNews?: (level: "notice", message: string) => void;
}

const BATCH = 64;
/** A receiver's goodbye may take so long to arrive. */
const DOUBT_MS = 2000;
const MAX_DOUBTFUL = 1000;
const EAGAIN = 11;
const EMSGSIZE = 90;

export function createSyslogSink(options: SyslogSinkOptions): Sink {
  const { address } = options;
  if (address === "") return new LocalSyslogSink(options);
  if (address.startsWith("unix://")) return new LocalSyslogSink(options, address.slice("unix://".length));
  return new RemoteSyslogSink(options);
}

class LocalSyslogSink implements Sink {
  readonly name: string;
  readonly maxBatch = BATCH;
  readonly #identity: SyslogIdentity;
  readonly #syslog: LocalSyslog;

  constructor(options: SyslogSinkOptions, path?: string) {
    this.name = options.name;
    this.#identity = options;
    this.#syslog = new LocalSyslog(path);
  }

  deliver(batch: readonly SinkMessage[]): Promise<void> {
    const delivered: SinkMessage[] = [];
    for (const message of batch) {
      try {
        const severity = severityOf(message.alert.priority);
        this.#syslog.send(localMessage(this.#identity, severity, new Date(), message.body));
        delivered.push(message);
      } catch (error) {
        return Promise.reject(localError(error, delivered, message));
      }
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#syslog.close();
    return Promise.resolve();
  }
}

function localError(error: unknown, delivered: readonly SinkMessage[], failed: SinkMessage): SinkError {
  const code = error instanceof Error && "errno" in error ? error.errno : 0;
  const message = messageOf(error);
  const details = { retryable: true, delivered, untaken: true };
  if (code === EMSGSIZE) return new SinkError(message, { ...details, cause: "too_long", refused: [failed] });
  return new SinkError(message, { ...details, cause: code === EAGAIN ? "busy" : "refused" });
}

class RemoteSyslogSink implements Sink {
  readonly name: string;
  readonly maxBatch = BATCH;
  readonly attemptTimeoutMs: number;
  readonly #options: SyslogSinkOptions;
  #transport: SyslogTransport | undefined;
  /** number of the present one: the end of an earlier one is no news */
  #connections = 0;
  /** what was sent on this connection, with when */
  #sent: { readonly text: string; readonly atMs: number }[] = [];
  /** in doubt since a connection has ended */
  #doubtful: string[] = [];
  /** one at a time sends */
  #sending: Promise<void> = Promise.resolve();

  constructor(options: SyslogSinkOptions) {
    this.name = options.name;
    this.attemptTimeoutMs = options.timeoutMs;
    this.#options = options;
  }

  deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    const messages = batch.map(({ alert, body }) =>
      remoteMessage(this.#options, {
        severity: severityOf(alert.priority),
        timeNs: alert.timeNs,
        hostname: alert.hostname,
        processId: process.pid,
      }, body)
    );
    return this.#inTurn(() => this.#send(messages, signal));
  }

  async close(): Promise<void> {
    if (this.#doubtful.length > 0) await this.#sendDoubtful();
    const { length } = this.#doubtful;
    if (length > 0) this.#tell(`${length} alerts may be lost, which its receiver may not have read`);
    this.#disconnect();
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#sending.then(action);
    this.#sending = done.catch(() => {});
    return done;
  }

  async #send(messages: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      if (this.#transport?.isOver === true) this.#disconnect();
      const transport = this.#transport ??= await this.#connect(signal);
      const all = [...this.#doubtful, ...messages];
      await transport.send(all, signal);
      this.#doubtful = [];
      this.#remember(all);
    } catch (error) {
      this.#over();
      this.#disconnect();
      throw error;
    }
  }

  #connect(signal: AbortSignal): Promise<SyslogTransport> {
    const { address, tls } = this.#options;
    const number = ++this.#connections;
    return connectSyslog(address, tls, signal, () => {
      if (number === this.#connections) this.#over();
    });
  }

  #remember(texts: readonly string[]): void {
    const atMs = performance.now();
    this.#sent = [
      ...this.#sent.filter((sent) => atMs - sent.atMs < DOUBT_MS),
      ...texts.map((text) => ({ text, atMs })),
    ]
      .slice(-MAX_DOUBTFUL);
  }

  /** The receiver has ended the connection. */
  #over(): void {
    const fromMs = performance.now() - DOUBT_MS;
    const texts = this.#sent.filter(({ atMs }) => atMs > fromMs).map(({ text }) => text);
    this.#sent = [];
    if (texts.length === 0) return;
    this.#doubtful = [...this.#doubtful, ...texts].slice(-MAX_DOUBTFUL);
    this.#tell(`its receiver has ended the connection: the last ${texts.length} alerts are sent again`);
    this.#sendDoubtful();
  }

  /** Without success they wait for the next alert, or the end. */
  #sendDoubtful(): Promise<void> {
    const signal = AbortSignal.timeout(this.#options.timeoutMs);
    return this.#inTurn(() => this.#doubtful.length === 0 ? Promise.resolve() : this.#send([], signal))
      .catch(() => {});
  }

  #tell(what: string): void {
    this.#options.onNews?.("notice", `output ${this.name}: ${what}`);
  }

  /** An end of ours leaves nothing in doubt. */
  #disconnect(): void {
    this.#connections++;
    this.#sent = [];
    this.#transport?.close();
    this.#transport = undefined;
  }
}
