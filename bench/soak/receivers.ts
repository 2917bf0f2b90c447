// Receivers on loopback for sinks that need no server of their own: an HTTP server that can be killed and revived, a
// syslog server over TCP.
// In: where to tell what arrives. Out: ports.
// Elsewhere: real servers (servers.ts).

import net, { type AddressInfo } from "node:net";
import { HttpReceiver } from "../../tests/outputs/sinks/local_server.ts";
import type { Arrivals } from "./arrivals.ts";

/** Goes away with all its connections, and comes back on the same port. */
export class MortalHttpServer implements AsyncDisposable {
  readonly port: number;
  readonly #arrivals: Arrivals;
  #receiver: HttpReceiver | undefined;

  private constructor(receiver: HttpReceiver, arrivals: Arrivals) {
    this.#receiver = receiver;
    this.port = receiver.port;
    this.#arrivals = arrivals;
  }

  static async start(arrivals: Arrivals): Promise<MortalHttpServer> {
    return new MortalHttpServer(await receive(arrivals), arrivals);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async kill(): Promise<void> {
    await this.#receiver?.[Symbol.asyncDispose]();
    this.#receiver = undefined;
  }

  async revive(): Promise<void> {
    this.#receiver ??= await receive(this.#arrivals, this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}

function receive(arrivals: Arrivals, port = 0): Promise<HttpReceiver> {
  return HttpReceiver.start(({ text }) => {
    arrivals.takeLines(text, Date.now());
    return {};
  }, port);
}

/** RFC 6587: each message after its length. */
export async function syslogServer(arrivals: Arrivals): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    let rest = "";
    socket.setEncoding("latin1");
    socket.on("error", () => {});
    socket.on("data", (text: string) => {
      rest += text;
      for (let end = rest.indexOf(" "); end > 0; end = rest.indexOf(" ")) {
        const length = Number(rest.slice(0, end));
        if (rest.length < end + 1 + length) break;
        arrivals.take(rest.slice(end + 1, end + 1 + length), Date.now());
        rest = rest.slice(end + 1 + length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
