// Alerts to syslog: this host's own, or a remote one by RFC 5424 over UDP, TCP (octet counting) or TLS.
// In: batches. Out: messages on a socket. Syslog has no answers: delivered means that the kernel has taken it, and for
// TCP and TLS that the receiver had not ended the connection by then.
// Elsewhere: the messages (syslog_message.ts), the sockets (local_syslog.ts, syslog_transport.ts).

import process from "node:process";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { LocalSyslog } from "./local_syslog.ts";
import { localMessage, remoteMessage, severityOf, type SyslogIdentity } from "./syslog_message.ts";
import { connectSyslog, type SyslogTls, type SyslogTransport } from "./syslog_transport.ts";

export interface SyslogSinkOptions extends SyslogIdentity {
  readonly name: string;
  /** "" for this host, unix:///PATH, udp://HOST:PORT, tcp://…, tls://… */
  readonly address: string;
  readonly tls: SyslogTls;
  readonly timeoutMs: number;
}

const BATCH = 64;
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
  const message = error instanceof Error ? error.message : String(error);
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

  constructor(options: SyslogSinkOptions) {
    this.name = options.name;
    this.attemptTimeoutMs = options.timeoutMs;
    this.#options = options;
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    const { address, tls } = this.#options;
    const messages = batch.map(({ alert, body }) =>
      remoteMessage(this.#options, {
        severity: severityOf(alert.priority),
        timeNs: alert.timeNs,
        hostname: alert.hostname,
        processId: process.pid,
      }, body)
    );
    try {
      if (this.#transport?.isOver === true) await this.close();
      const transport = this.#transport ??= await connectSyslog(address, tls, signal);
      await transport.send(messages, signal);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  close(): Promise<void> {
    this.#transport?.close();
    this.#transport = undefined;
    return Promise.resolve();
  }
}
