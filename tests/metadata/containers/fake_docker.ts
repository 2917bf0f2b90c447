// A server with the part of Docker's API that falco uses, on a unix socket, which misbehaves on demand.
// Real engines are asked in podman_test.ts and containerd_test.ts.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface FakeContainer {
  readonly Id: string;
  readonly [key: string]: unknown;
}

export class FakeDocker {
  readonly path: string;
  readonly containers = new Map<string, FakeContainer>();
  /** paths that were asked for */
  readonly asked: string[] = [];
  /** answers instead of the true ones */
  answer: ((path: string, response: ServerResponse) => boolean) | undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #listeners = new Set<ServerResponse>();
  #onListener: (() => void) | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async start(): Promise<this> {
    const server = this.#server = createServer((request, response) => this.#serve(request, response));
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.path, resolve));
    return this;
  }

  /** Ends all connections, as a restart does. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#listeners.clear();
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
    await Deno.remove(this.path).catch(() => {});
  }

  /** Resolves when somebody follows the events. */
  async followed(): Promise<void> {
    if (this.#listeners.size > 0) return;
    await new Promise<void>((resolve) => this.#onListener = resolve);
  }

  emit(Action: string, id: string, attributes: Record<string, string> = {}): void {
    const event = {
      Type: "container",
      Action,
      Actor: { ID: id, Attributes: attributes },
      time: 1_700_000_000,
    };
    this.send(`${JSON.stringify(event)}\n`);
  }

  send(text: string): void {
    for (const listener of this.#listeners) listener.write(text);
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    // clients may name the whole URL, and servers take it
    const path = (request.url ?? "").replace(/^http:\/\/[^/]*/, "");
    this.asked.push(path);
    if (this.answer?.(path, response)) return;
    const json = (value: unknown, status = 200) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(value));
    };
    if (path === "/version") return json({ Version: "27.0", Components: [{ Name: "Engine" }] });
    if (path.startsWith("/containers/json")) return json([...this.containers.values()]);
    if (path.startsWith("/images/")) {
      return json({ Id: "sha256:abc", RepoTags: ["shop/web:1.0"], RepoDigests: [] });
    }
    if (path.startsWith("/events")) {
      response.writeHead(200);
      response.flushHeaders();
      this.#listeners.add(response);
      response.on("close", () => this.#listeners.delete(response));
      return this.#onListener?.();
    }
    const id = /^\/containers\/([^/]+)\/json/.exec(path)?.[1] ?? "";
    const found = [...this.containers.values()].find((container) => container.Id.startsWith(id));
    return found === undefined ? json({ message: "no such container" }, 404) : json(found);
  }
}

export function fakeContainer(number: number, more: Record<string, unknown> = {}): FakeContainer {
  const Id = number.toString(16).padStart(12, "0").padEnd(64, "f");
  return {
    Id,
    Name: `/web-${number}`,
    Image: "sha256:abc",
    Created: "2026-01-02T03:04:05.678901234Z",
    Config: { Image: "shop/web:1.0", User: "www", Env: ["A=b"], Labels: { app: "shop" } },
    HostConfig: { Privileged: true, NetworkMode: "host", PidMode: "", IpcMode: "host", CpusetCpus: "0-2,5" },
    NetworkSettings: {
      IPAddress: "",
      Networks: { one: { IPAddress: "10.0.0.7" } },
      Ports: {
        "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }],
        "53/udp": [{ HostIp: "::", HostPort: "53" }],
      },
    },
    Mounts: [{ Source: "/etc", Destination: "/host", Mode: "z", RW: false, Propagation: "rprivate" }],
    ...more,
  };
}
