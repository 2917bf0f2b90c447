// The HTTP or HTTPS server of a webhook: connections bounded in number, heads in size, requests in time.
// In: where to listen, certificates, who answers requests. Out: requests.
// Node's server, because Deno's own waits for heads without an end and asks for no certificates.
// Elsewhere: what a request has to be (json_webhook.ts).

import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { messageOf } from "../../base/mod.ts";
import type { JsonInput } from "../../config/mod.ts";
import { readRegularFile } from "../../files/mod.ts";
import { boundConnections } from "../web/connection_bounds.ts";
import { type Answering, boundPipelining } from "../web/pipelining.ts";

const CONNECTIONS = { maxConnections: 512, maxPerClient: 256 };
const MAX_HEAD_BYTES = 16_384;
const HEAD_TIMEOUT_MS = 5000;
/** for a whole request, its body included */
const REQUEST_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 90_000;
const CHECK_INTERVAL_MS = 1000;
const STOP_PATIENCE_MS = 1000;
const MAX_PEM_BYTES = 16 << 20;

export type HttpInput = Extract<JsonInput, { kind: "http" }>;

export class WebhookServer {
  readonly #input: HttpInput;
  readonly #answer: Answering;
  #server: Server | undefined;

  constructor(input: HttpInput, answer: Answering) {
    this.#input = input;
    this.#answer = answer;
  }

  /** @throws Error that says what to do when the address or the certificate cannot be used */
  async start(): Promise<void> {
    const { host, port } = this.#input;
    if (host !== "") this.#server = await this.#listen(host, port);
    else {
      this.#server = await this.#listen("::", port).catch((error) => {
        if (codeOf(error) === "EADDRINUSE" || codeOf(error) === "EACCES") throw problem(error, "::", port);
        return this.#listen("0.0.0.0", port);
      });
    }
  }

  /** Where it listens, without a path. */
  get origin(): string {
    const { address, port, family } = this.#server!.address() as AddressInfo;
    const scheme = this.#input.certificate === undefined ? "http" : "https";
    return `${scheme}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** Requests that have been received are answered. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const timer = setTimeout(() => server.closeAllConnections(), STOP_PATIENCE_MS);
    await closed;
    clearTimeout(timer);
  }

  async #listen(host: string, port: number): Promise<Server> {
    const server = this.#create();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (error) => reject(host === "::" ? error : problem(error, host, port)));
      server.listen(port, host, resolve);
    });
    // the failure of one connection is its own affair
    server.on("error", () => {});
    return server;
  }

  #create(): Server {
    const bounds = {
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    };
    const listener = boundPipelining(this.#answer);
    const { certificate, clientCa } = this.#input;
    const server = certificate === undefined
      ? createServer(bounds, listener)
      : createTlsServer({ ...bounds, ...certificates(certificate, clientCa) }, listener);
    boundConnections(server, CONNECTIONS);
    server.headersTimeout = HEAD_TIMEOUT_MS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = IDLE_TIMEOUT_MS;
    server.timeout = IDLE_TIMEOUT_MS;
    return server;
  }
}

function certificates(certificate: string, clientCa: string | undefined) {
  const pem = readPem(certificate, "the certificate");
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem) || !pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error(`${certificate} must be a PEM file with a private key and its certificate`);
  }
  if (clientCa === undefined) return { key: pem, cert: pem };
  const ca = readPem(clientCa, "the authorities of clients");
  return { key: pem, cert: pem, ca, requestCert: true, rejectUnauthorized: true };
}

function readPem(path: string, what: string): string {
  const read = readRegularFile(path, MAX_PEM_BYTES);
  if ("bytes" in read) return new TextDecoder().decode(read.bytes);
  throw new Error(`cannot read ${what} ${path}: ${read.problem.reason}`);
}

function problem(error: unknown, host: string, port: number): Error {
  const where = `${host === "::" ? "all addresses" : host} port ${port}`;
  const code = codeOf(error);
  const reason = code === "EADDRINUSE"
    ? `another program listens on ${where}: end it, or choose another port`
    : code === "EACCES"
    ? `not allowed to listen on ${where}: ports below 1024 need CAP_NET_BIND_SERVICE`
    : code === "EADDRNOTAVAIL" || code === "ENOTFOUND"
    ? `this host has no address ${host}`
    : `cannot listen on ${where}: ${messageOf(error)}`;
  return new Error(reason, { cause: error });
}

/** Of a system call or a library: ECONNREFUSED, Z_DATA_ERROR … */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
