// How many connections a server has open at once, and who has to go when another one comes.
// In: a server. Out: the newest connection is always let in; for it the oldest of the client with the most goes. So
// anyone who holds connections open (half a head, half a handshake, idle, not reading) takes them from himself, and who asks
// for health gets an answer. `closeAllConnections` of the server means all.
// Elsewhere: time limits of heads, bodies and idle connections (web_server.ts).

import type { Server } from "node:http";
import type { Socket } from "node:net";

export interface ConnectionBounds {
  readonly maxConnections: number;
  readonly maxPerClient: number;
}

export function boundConnections(server: Server, { maxConnections, maxPerClient }: ConnectionBounds): void {
  /** each client's, the oldest first */
  const byClient = new Map<string, Set<Socket>>();
  let open = 0;

  const forget = (client: string, socket: Socket) => {
    const sockets = byClient.get(client);
    if (sockets?.delete(socket) !== true) return;
    open--;
    if (sockets.size === 0) byClient.delete(client);
  };
  const dropOldest = (client: string) => {
    const [oldest] = byClient.get(client) ?? [];
    if (oldest === undefined) return;
    forget(client, oldest);
    oldest.destroy();
  };

  // of HTTPS these are the connections below TLS: a handshake that never ends is one as well
  server.on("connection", (socket: Socket) => {
    const client = clientOf(socket);
    socket.on("error", () => {});
    socket.on("close", () => forget(client, socket));
    let sockets = byClient.get(client);
    if (sockets === undefined) byClient.set(client, sockets = new Set());
    sockets.add(socket);
    open++;
    if (sockets.size > maxPerClient) dropOldest(client);
    if (open > maxConnections) dropOldest(greatest(byClient));
  });
  // Node's own of HTTPS knows only those that have spoken HTTP, and `close` waits for those in a handshake too
  server.closeAllConnections = () => {
    for (const sockets of byClient.values()) for (const socket of sockets) socket.destroy();
  };
}

/** An address; of IPv6 the network, since anyone who has one address there has 2^64. */
function clientOf({ remoteAddress = "" }: Socket): string {
  if (!remoteAddress.includes(":") || remoteAddress.startsWith("::ffff:")) return remoteAddress;
  const [head = "", tail] = remoteAddress.split("%")[0]!.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const behind = tail === undefined ? [] : tail.split(":").filter((group) => group !== "");
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => "0");
  return [...groups, ...tail === undefined ? [] : zeros, ...behind].slice(0, 4).join(":");
}

function greatest(byClient: ReadonlyMap<string, ReadonlySet<Socket>>): string {
  let most = 0, found = "";
  for (const [client, { size }] of byClient) {
    if (size > most) [most, found] = [size, client];
  }
  return found;
}
