// Keeps a connection from ending the program, by an error or by what it sends.
// In: nothing. Out: from now on a socket whose error nobody listens to is silent; it closes all the same. A receiver that
// sends much more than answers to what it got is cut off: libraries gather whatever claims to be one answer. Where the
// protocol lets a few bytes claim much, a screen looks at each chunk before the library does.
// An error without a listener would be an uncaught one, and libraries have moments without any: NATS' when a server
// that refuses a login resets the connection after its answer, NATS' and Redis' when a server of TLS 1.3 refuses a
// certificate while they exchange their listeners.
// Elsewhere: errors that somebody waits for (network_error.ts), answers over HTTP (http_push.ts, sinks/http_request.ts).

import { EventEmitter } from "node:events";
import net from "node:net";

/** Throws at what ends the connection. */
export type Screen = (chunk: Uint8Array) => void;

/** Of the options of a connection: makes the screen of each socket. Libraries hand options on as they are. */
export const SCREEN = Symbol("screen");

export interface ScreenedOptions {
  readonly [SCREEN]?: () => Screen;
}

type Emit = (this: net.Socket, event: string | symbol, ...rest: unknown[]) => boolean;

/** What a receiver may send unasked; libraries make of a byte a hundred, of arrays in arrays. */
const FREE_BYTES = 1 << 20;
const BYTES_PER_SENT_BYTE = 8;
const BYTES_PER_SECOND = 1024;

interface Received {
  bytes: number;
  readonly sinceMs: number;
}

let isGuarded = false;
/** of sockets that were opened from here, not of those that were accepted */
const opened = new WeakMap<net.Socket, Received>();
const screens = new WeakMap<net.Socket, Screen>();

export function guardSockets(): void {
  if (isGuarded) return;
  isGuarded = true;
  // a listener would not do: removeAllListeners takes it away
  const emit: Emit = function (event, ...rest) {
    if (event === "connect") opened.set(this, { bytes: 0, sinceMs: performance.now() });
    if (event === "error" && this.listenerCount("error") === 0) return false;
    if (event !== "data" || !opened.has(this)) return EventEmitter.prototype.emit.call(this, event, ...rest);
    try {
      return EventEmitter.prototype.emit.call(this, event, ...rest);
    } catch (error) {
      // what a library cannot read is the receiver's failure, and nobody else's
      this.destroy(asError(error));
      return false;
    }
  };
  net.Socket.prototype.emit = emit;
  const connect = net.Socket.prototype.connect as (...args: unknown[]) => net.Socket;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const make = screenOf(args);
    if (make !== undefined) screens.set(this, make());
    return connect.apply(this, args);
  } as typeof net.Socket.prototype.connect;
  const push = net.Socket.prototype.push;
  net.Socket.prototype.push = function (this: net.Socket, chunk: unknown, ...rest: []): boolean {
    const received = opened.get(this);
    if (received === undefined || !(chunk instanceof Uint8Array)) return push.call(this, chunk, ...rest);
    received.bytes += chunk.length;
    try {
      screens.get(this)?.(chunk);
      if (received.bytes > allowedBytes(this, received)) {
        throw new Error(`the receiver has sent ${received.bytes} bytes that nobody asked for`);
      }
    } catch (error) {
      this.destroy(asError(error));
      return false;
    }
    return push.call(this, chunk, ...rest);
  };
}

function allowedBytes({ bytesWritten }: net.Socket, { sinceMs }: Received): number {
  const seconds = (performance.now() - sinceMs) / 1000;
  return FREE_BYTES + BYTES_PER_SENT_BYTE * (bytesWritten || 0) + BYTES_PER_SECOND * seconds;
}

/** Options stand alone, or with a callback in a list that Node has normalized. */
function screenOf(args: readonly unknown[]): (() => Screen) | undefined {
  const [first] = args.flat(1);
  return typeof first === "object" && first !== null ? (first as ScreenedOptions)[SCREEN] : undefined;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
