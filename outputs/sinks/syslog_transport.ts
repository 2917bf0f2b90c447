// Connections to a remote syslog: datagrams, or a stream in which each message has its length in front.
// In: an address, messages. Out: bytes that the kernel has taken. A receiver that has ended the connection, also its
// own half only, is noticed before more is sent.
// Elsewhere: the messages (outputs/local_syslog/syslog_message.ts).

import { Buffer } from "node:buffer";
import { createSocket } from "node:dgram";
import net from "node:net";
import tls from "node:tls";
import { networkError } from "../network/network_error.ts";
import { readTlsFiles } from "../network/tls_files.ts";

export interface SyslogTls {
  readonly insecure: boolean;
  readonly caCert: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

export interface SyslogTransport {
  /** nothing that is sent now would arrive */
  readonly isOver: boolean;
  send(messages: readonly string[], signal: AbortSignal): Promise<void>;
  close(): void;
}

const PORTS: Readonly<Record<string, number>> = { "udp:": 514, "tcp:": 601, "tls:": 6514 };
/** What fits into a datagram of IPv4. */
const MAX_DATAGRAM_BYTES = 65_507;
/** A receiver that goes away says so at once; with the next message it would be too late. */
const SETTLE_MS = 5;

export async function connectSyslog(
  address: string,
  files: SyslogTls,
  signal: AbortSignal,
  onOver: () => void,
): Promise<SyslogTransport> {
  // URL parses hosts only for schemes that it knows
  const { hostname, port } = new URL(address.replace(/^\w+:/, "http:"));
  const scheme = address.slice(0, address.indexOf(":") + 1);
  const host = hostname.replace(/^\[|\]$/g, "");
  const portNumber = Number(port) || (/:80$/.test(address) ? 80 : PORTS[scheme] ?? 514);
  try {
    if (scheme === "udp:") return new DatagramTransport(address, host, portNumber);
    const socket = scheme === "tls:"
      ? await openTls(host, portNumber, files, signal)
      : await opened(net.connect({ host, port: portNumber }), "connect", signal);
    return new StreamTransport(address, socket, onOver);
  } catch (error) {
    throw networkError(address, error);
  }
}

async function openTls(
  host: string,
  port: number,
  files: SyslogTls,
  signal: AbortSignal,
): Promise<net.Socket> {
  const texts = await readTlsFiles({
    ca_cert: files.caCert,
    client_cert: files.clientCert,
    client_key: files.clientKey,
  });
  const socket = tls.connect({
    host,
    port,
    servername: net.isIP(host) === 0 ? host : "",
    ...texts,
    rejectUnauthorized: !files.insecure,
  });
  return await opened(socket, "secureConnect", signal);
}

function opened<S extends net.Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const stop = () => socket.destroy(signal.reason);
    const fail = (error: unknown) => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      reject(signal.aborted ? signal.reason : error);
    };
    if (signal.aborted) return fail(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", fail);
    socket.once(event, () => {
      signal.removeEventListener("abort", stop);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

class StreamTransport implements SyslogTransport {
  isOver = false;
  readonly #address: string;
  readonly #socket: net.Socket;
  #error: Error | undefined;

  constructor(address: string, socket: net.Socket, onOver: () => void) {
    this.#address = address;
    this.#socket = socket;
    const over = () => {
      if (this.isOver) return;
      this.isOver = true;
      onOver();
    };
    socket.on("error", (error) => {
      this.#error = error;
      over();
    });
    socket.on("end", over);
    socket.on("close", over);
    socket.resume(); // its end is only seen by who reads
  }

  async send(messages: readonly string[], signal: AbortSignal): Promise<void> {
    const bytes = Buffer.concat(messages.flatMap((message) => {
      const body = Buffer.from(message);
      return [Buffer.from(`${body.length} `), body];
    }));
    await new Promise<void>((resolve, reject) => {
      const stop = () => this.#socket.destroy(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      const done = (error?: Error | null) => {
        signal.removeEventListener("abort", stop);
        this.#socket.off("close", gone);
        if (error) reject(signal.aborted ? signal.reason : networkError(this.#address, error));
        else resolve();
      };
      const gone = () => done(this.#error ?? new Error("the connection was closed"));
      this.#socket.once("close", gone);
      this.#socket.write(bytes, done);
    });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    if (this.isOver) {
      throw networkError(this.#address, this.#error ?? new Error("the receiver has closed the connection"));
    }
  }

  close(): void {
    this.#socket.on("error", () => {});
    this.#socket.destroySoon();
  }
}

class DatagramTransport implements SyslogTransport {
  readonly isOver = false;
  readonly #address: string;
  readonly #host: string;
  readonly #port: number;
  readonly #socket;

  constructor(address: string, host: string, port: number) {
    this.#address = address;
    this.#host = host;
    this.#port = port;
    this.#socket = createSocket(net.isIPv6(host) ? "udp6" : "udp4");
    this.#socket.on("error", () => {}); // each message has its own answer
  }

  async send(messages: readonly string[]): Promise<void> {
    for (const message of messages) {
      const bytes = Buffer.from(message).subarray(0, MAX_DATAGRAM_BYTES);
      await new Promise<void>((resolve, reject) =>
        this.#socket.send(bytes, this.#port, this.#host, (error) => {
          if (error) reject(networkError(this.#address, error));
          else resolve();
        })
      );
    }
  }

  close(): void {
    this.#socket.close();
  }
}
