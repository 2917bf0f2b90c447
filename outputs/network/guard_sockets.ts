// Keeps an error of a connection from ending the program.
// In: nothing. Out: from now on a socket whose error nobody listens to is silent; it closes all the same.
// An error without a listener would be an uncaught one, and libraries have moments without any: NATS' when a server
// that refuses a login resets the connection behind its answer, NATS' and Redis' when a server of TLS 1.3 refuses a
// certificate while they exchange their listeners.
// Elsewhere: errors that somebody waits for (network_error.ts).

import { EventEmitter } from "node:events";
import net from "node:net";

type Emit = (this: EventEmitter, event: string | symbol, ...rest: unknown[]) => boolean;

let isGuarded = false;

export function guardSockets(): void {
  if (isGuarded) return;
  isGuarded = true;
  // a listener would not do: removeAllListeners takes it away
  const emit: Emit = function (event, ...rest) {
    if (event === "error" && this.listenerCount("error") === 0) return false;
    return EventEmitter.prototype.emit.call(this, event, ...rest);
  };
  net.Socket.prototype.emit = emit;
}
