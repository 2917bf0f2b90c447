// An HTTP server whose clients may be hostile: heads are small and have to come in time, there are few connections
// (connection_bounds.ts), and those that are idle end. Node's, because Deno's own waits for heads without an end.
// In: what to answer. Out: a server that does not listen yet.
// Elsewhere: where it listens (web_server.ts, unix_listener.ts).

import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { boundConnections, type ConnectionBounds } from "./connection_bounds.ts";

const MAX_HEAD_BYTES = 8192;
/** for the whole head of a request */
const HEAD_TIMEOUT_MS = 5000;
/** nothing was read or written for this long: a client that does not take its answer, or an idle one */
const IDLE_TIMEOUT_MS = 15_000;
const CHECK_INTERVAL_MS = 1000;
const MAX_REQUESTS_PER_CONNECTION = 1000;

export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** @param identity for HTTPS */
export function createBoundedServer(
  listener: RequestListener,
  connections: ConnectionBounds,
  identity?: Identity,
): Server {
  const bounds = {
    maxHeaderSize: MAX_HEAD_BYTES,
    headersTimeout: HEAD_TIMEOUT_MS,
    requestTimeout: HEAD_TIMEOUT_MS,
    keepAliveTimeout: IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  };
  const server = identity === undefined
    ? createServer(bounds, listener)
    : createTlsServer({ ...bounds, ...identity }, listener);
  boundConnections(server, connections);
  server.headersTimeout = HEAD_TIMEOUT_MS;
  server.requestTimeout = HEAD_TIMEOUT_MS;
  server.keepAliveTimeout = IDLE_TIMEOUT_MS;
  server.timeout = IDLE_TIMEOUT_MS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_CONNECTION;
  return server;
}
