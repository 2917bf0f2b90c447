// An HTTP receiver on loopback that answers as it is told, and one below HTTP that misbehaves.

import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import net, { type AddressInfo } from "node:net";

export interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
  readonly text: string;
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** undefined: at once */
  readonly afterMs?: number;
}

export class HttpReceiver implements AsyncDisposable {
  readonly received: Received[] = [];
  /** the same with what was answered */
  readonly answered: { readonly text: string; readonly status: number }[] = [];
  connections = 0;
  readonly #server: Server;

  private constructor(answer: (request: Received, number: number) => Answer) {
    this.#server = createServer((request, response) => {
      const chunks: Uint8Array[] = [];
      request.on("data", (chunk: Uint8Array) => chunks.push(new Uint8Array(chunk)));
      request.on("end", () => {
        const body = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
        const received = {
          url: request.url ?? "",
          headers: request.headers,
          body,
          text: new TextDecoder().decode(body),
        };
        this.received.push(received);
        const { status = 200, headers = {}, body: said = "", afterMs } = answer(
          received,
          this.received.length,
        );
        this.answered.push({ text: received.text, status });
        const send = () => response.writeHead(status, headers).end(said);
        if (afterMs === undefined) send();
        else setTimeout(send, afterMs);
      });
    });
    this.#server.on("connection", () => this.connections++);
  }

  static async start(
    answer: (request: Received, number: number) => Answer = () => ({}),
    port = 0,
  ): Promise<HttpReceiver> {
    const receiver = new HttpReceiver(answer);
    await new Promise<void>((resolve) => receiver.#server.listen(port, "127.0.0.1", resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A TCP server that does with each connection what it is told. */
export async function rawServer(
  onConnection: (socket: net.Socket) => void,
): Promise<AsyncDisposable & { readonly port: number }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    onConnection(socket);
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

/** A port of loopback on which nobody listens. */
export async function freePort(): Promise<number> {
  await using server = await rawServer(() => {});
  return server.port;
}
