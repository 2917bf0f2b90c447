// The web server: connections, their bounds, TLS.
// In: an address and what to answer (routes.ts). Out: answers to GET and HEAD.
// Who asks may be hostile: connections and heads are bounded (bounded_server.ts), answers have to be taken in time, bodies
// are not read, and nothing that a request says reaches the log.

import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { messageOf } from "../../base/mod.ts";
import { readRegularFile } from "../../files/mod.ts";
import { createBoundedServer, type Identity } from "./bounded_server.ts";
import { boundPipelining } from "./pipelining.ts";
import { answer, type RouteOptions, type WebAnswer } from "./routes.ts";

const CONNECTIONS = { maxConnections: 256, maxPerClient: 128 };
const MAX_PEM_BYTES = 1 << 20;
/** however slowly a client takes its answer */
const ANSWER_TIMEOUT_MS = 30_000;
/** Of answers that clients have not taken yet, all connections together; those about health are always given. */
const UNTAKEN_BYTES = 16 << 20;
const SMALL_BYTES = 64 << 10;

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
    const { certificate } = options;
    const server = createBoundedServer(
      boundPipelining((request, response) => {
        respond(request, response, options, untaken).catch(() => response.destroy());
      }),
      CONNECTIONS,
      certificate === undefined ? undefined : keyAndCertificate(certificate),
    );
    await listen(server, options);
    // the failure of one connection is its own affair
    server.on("error", () => {});
    return new WebServer(server, certificate === undefined ? "http" : "https");
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

function keyAndCertificate(path: string): Identity {
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
