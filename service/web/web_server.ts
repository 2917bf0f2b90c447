// The web server: connections, their bounds, TLS.
// In: an address and what to answer (routes.ts). Out: answers to GET and HEAD.
// Who asks may be hostile: heads are small and have to come in time, there are few connections (connection_bounds.ts),
// answers have to be taken in time, bodies are not read, and nothing that a request says reaches the log. Node's server,
// because Deno's own waits for heads without an end.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { readRegularFile } from "../../files/regular_file.ts";
import { boundConnections } from "./connection_bounds.ts";
import { type Answering, boundPipelining } from "./pipelining.ts";
import { answer, type RouteOptions, type WebAnswer } from "./routes.ts";

const BOUNDS = { maxConnections: 256, maxPerClient: 128 };
const MAX_PEM_BYTES = 1 << 20;
const MAX_HEAD_BYTES = 8192;
/** for the whole head of a request */
const HEAD_TIMEOUT_MS = 5000;
/** nothing was read or written for this long: a client that does not take its answer, or an idle one */
const IDLE_TIMEOUT_MS = 15_000;
/** however slowly a client takes its answer */
const ANSWER_TIMEOUT_MS = 30_000;
/** Of answers that clients have not taken yet, all connections together; those about health are always given. */
const UNTAKEN_BYTES = 16 << 20;
const SMALL_BYTES = 64 << 10;
const CHECK_INTERVAL_MS = 1000;
const MAX_REQUESTS_PER_CONNECTION = 1000;

export interface WebServerOptions extends RouteOptions {
  readonly address: string;
  /** 0: any that is free */
  readonly port: number;
  /** a file with private key and certificate */
  readonly certificate: string | undefined;
}

export class WebServer {
  readonly #server: Server;
  readonly #scheme: "http" | "https";

  private constructor(server: Server, scheme: "http" | "https") {
    this.#server = server;
    this.#scheme = scheme;
  }

  /** @throws Error that says what to do when the address or the certificate cannot be used */
  static async start(options: WebServerOptions): Promise<WebServer> {
    const untaken = { bytes: 0 };
    const server = createBounded(
      options,
      boundPipelining((request, response) => {
        respond(request, response, options, untaken).catch(() => response.destroy());
      }),
    );
    await listen(server, options);
    // the failure of one connection is its own affair
    server.on("error", () => {});
    return new WebServer(server, options.certificate === undefined ? "http" : "https");
  }

  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `${this.#scheme}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}

function createBounded(options: WebServerOptions, listener: Answering): Server {
  const bounds = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const server = options.certificate === undefined
    ? createServer(bounds, listener)
    : createTlsServer({ ...bounds, ...keyAndCertificate(options.certificate) }, listener);
  boundConnections(server, BOUNDS);
  server.headersTimeout = HEAD_TIMEOUT_MS;
  server.requestTimeout = HEAD_TIMEOUT_MS;
  server.keepAliveTimeout = IDLE_TIMEOUT_MS;
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  return server;
}

function keyAndCertificate(path: string): { readonly key: string; readonly cert: string } {
  const remedy = "webserver.ssl_certificate must name a PEM file with a private key and its certificate";
  const read = readRegularFile(path, MAX_PEM_BYTES);
  if ("problem" in read) {
    throw new Error(`cannot read the certificate ${path}: ${read.problem.reason}; ${remedy}`);
  }
  const text = new TextDecoder().decode(read.bytes);
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? [];
  const key = blocks.filter((block) => /BEGIN [A-Z ]*PRIVATE KEY/.test(block)).join("\n");
  const cert = blocks.filter((block) => /BEGIN CERTIFICATE/.test(block)).join("\n");
  const missing = [...key === "" ? ["private key"] : [], ...cert === "" ? ["certificate"] : []];
  if (missing.length > 0) throw new Error(`there is no ${missing.join(" and no ")} in ${path}; ${remedy}`);
  return { key, cert };
}

async function listen(server: Server, { address, port }: WebServerOptions): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, address, () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    throw new Error(listenProblem(error, address, port), { cause: error });
  }
}

function listenProblem(error: unknown, address: string, port: number): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const where = `${address} port ${port}`;
  if (code === "EADDRINUSE") {
    return `another program listens on ${where}: end it, or choose another webserver.listen_port`;
  }
  // what Deno makes of EADDRNOTAVAIL
  if (code === "EADDRNOTAVAIL" || code === "EINVAL") {
    return `this host has no address ${address} (webserver.listen_address)`;
  }
  if (code === "EACCES") {
    return `not allowed to listen on ${where}: ports below 1024 need CAP_NET_BIND_SERVICE`;
  }
  return `cannot listen on ${where}: ${messageOf(error)}`;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: RouteOptions,
  untaken: { bytes: number },
): Promise<void> {
  let isClosed = false, held = 0;
  const timer = setTimeout(() => response.destroy(), ANSWER_TIMEOUT_MS);
  response.once("close", () => {
    isClosed = true;
    clearTimeout(timer);
    untaken.bytes -= held;
  });
  let result: WebAnswer;
  try {
    const [path = "/"] = (request.url ?? "/").split("?");
    const { method = "GET", headers: { authorization } } = request;
    result = await answer({ method, path, authorization }, options);
  } catch (error) {
    result = { status: 500, type: "text/plain; charset=utf-8", body: `${messageOf(error)}\n` };
  }
  const { length } = result.body;
  if (length > SMALL_BYTES && untaken.bytes + length > UNTAKEN_BYTES) {
    result = {
      status: 503,
      type: "text/plain; charset=utf-8",
      body: "too many clients do not take their answers\n",
    };
  }
  const bytes = new TextEncoder().encode(result.body);
  if (isClosed) return;
  untaken.bytes += held = bytes.length;
  // nobody needs to send a body: with one, the connection is not used again
  const hasBody = request.headers["content-length"] !== undefined ||
    request.headers["transfer-encoding"] !== undefined;
  response.writeHead(result.status, {
    ...result.headers,
    "Content-Type": result.type,
    "Content-Length": String(bytes.length),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...hasBody ? { Connection: "close" } : {},
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
