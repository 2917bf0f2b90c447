// What the fields of an alert say about the file and the connection that it is about: facts that no single field holds.
// In: fields. Out: a path, two endpoints.
// Elsewhere: facts that one field holds; each format has its table of them.

import { isIP } from "node:net";
import type { AlertFields } from "./alert_fields.ts";

/** Fields that name the file an event is about, the surest first. */
const PATH_FIELDS = [
  "fs.path.name",
  "evt.abspath",
  "evt.arg.path",
  "evt.arg.pathname",
  "evt.arg.filename",
  "evt.arg.name",
];

/** Only a whole path is one: a relative one means nothing to the reader. */
export function readFilePath(fields: AlertFields): string | undefined {
  for (const key of ["fd.name", ...PATH_FIELDS]) {
    const value = fields.peek(key);
    if (typeof value !== "string" || !value.startsWith("/")) continue;
    return fields.text(key);
  }
  return undefined;
}

export interface Endpoint {
  readonly ip?: string;
  readonly port?: number;
}

export interface Connection {
  /** who connected */
  readonly source: Endpoint;
  /** who was connected to */
  readonly destination: Endpoint;
  /** tcp, udp, icmp … */
  readonly transport?: string;
}

/** From `a:1->b:2` of fd.name where it is there, else from the fields for client and server. */
export function readConnection(fields: AlertFields): Connection | undefined {
  const name = fields.peek("fd.name");
  const [first, second] = typeof name === "string" ? name.split("->", 2) : [];
  const from = readEndpoint(first), to = readEndpoint(second);
  let source: Endpoint, destination: Endpoint;
  if (from !== undefined && to !== undefined) {
    fields.drop("fd.name");
    [source, destination] = [from, to];
    dropSame(fields, source, "fd.cip", "fd.cport");
    dropSame(fields, destination, "fd.sip", "fd.sport");
  } else {
    source = takeEndpoint(fields, "fd.cip", "fd.cport");
    destination = takeEndpoint(fields, "fd.sip", "fd.sport");
  }
  if (isEmpty(source) && isEmpty(destination)) return undefined;
  const transport = fields.text("fd.l4proto");
  return { source, destination, ...(transport === undefined ? {} : { transport }) };
}

/** `10.0.0.1:80`, `2001:db8::7:443`: the port is after the last colon. */
function readEndpoint(text: string | undefined): Endpoint | undefined {
  const [, ip = "", port] = /^(.+):([0-9]{1,5})$/.exec(text ?? "") ?? [];
  return isIP(ip) === 0 || Number(port) > 65535 ? undefined : { ip, port: Number(port) };
}

/** A port without an address is no endpoint. */
function takeEndpoint(fields: AlertFields, ipKey: string, portKey: string): Endpoint {
  const ip = fields.peek(ipKey), port = fields.peek(portKey);
  if (typeof ip !== "string" || isIP(ip) === 0) return {};
  fields.drop(ipKey);
  if (typeof port !== "number" || !(port >= 0 && port <= 65535)) return { ip };
  fields.drop(portKey);
  return { ip, port };
}

/** Fields that repeat what the endpoint says need not be told again. */
function dropSame(fields: AlertFields, { ip, port }: Endpoint, ipKey: string, portKey: string): void {
  if (fields.peek(ipKey) === ip) fields.drop(ipKey);
  if (fields.peek(portKey) === port) fields.drop(portKey);
}

export function isEmpty(part: object): boolean {
  return Object.keys(part).length === 0;
}
