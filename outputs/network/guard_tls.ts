// Keeps an error of a TLS connection from ending the program.
// In: nothing. Out: from now on a TLS socket whose error nobody listens to is silent; it closes all the same.
// With TLS 1.3 a server refuses a client's certificate when the client believes that it is connected. NATS' and
// Redis' libraries exchange their listeners just then, and for a moment have none: an error without a listener would
// be an uncaught one. Elsewhere: sockets that we make ourselves (outputs/sinks/kafka.ts).

import tls from "node:tls";

let isGuarded = false;

export function guardTlsSockets(): void {
  if (isGuarded) return;
  isGuarded = true;
  const connect = tls.connect as (...args: readonly unknown[]) => tls.TLSSocket;
  const guarded = (...args: readonly unknown[]) => {
    const socket = connect(...args);
    const emit = socket.emit.bind(socket) as (event: string, ...rest: readonly unknown[]) => boolean;
    // a listener would not do: removeAllListeners takes it away
    socket.emit = (event: string, ...rest: readonly unknown[]) =>
      event === "error" && socket.listenerCount("error") === 0 ? false : emit(event, ...rest);
    return socket;
  };
  tls.connect = guarded as typeof tls.connect;
}
