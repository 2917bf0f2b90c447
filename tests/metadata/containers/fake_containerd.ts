// A server with the part of containerd's API that falco uses, on a unix socket, which says what it likes.
// A real one is asked in containerd_test.ts.

import { Buffer } from "node:buffer";
import { Server, ServerCredentials, type ServerUnaryCall, type ServerWritableStream } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import {
  CONTAINERD_PROTO,
  CONTAINERD_SERVICE,
} from "../../../metadata/containers/protocol/containerd_proto.ts";

type Unary = (error: null, bytes: Uint8Array) => void;
type Message = Readonly<Record<string, unknown>>;

interface Method {
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  // deno-lint-ignore no-explicit-any -- the library's handlers differ by kind
  readonly handle: any;
}

export class FakeContainerd {
  readonly #server = new Server();
  readonly #messages = protobuf.parse(CONTAINERD_PROTO, { keepCase: true }).root.lookup(
    "containerd",
  ) as protobuf.NamespaceBase;
  readonly #listeners = new Set<ServerWritableStream<Uint8Array, Uint8Array>>();
  #onListener: (() => void) | undefined;
  /** answers as they are sent */
  namespaces: Uint8Array;
  containers: (namespace: string) => Uint8Array = () => new Uint8Array(0);

  constructor() {
    this.namespaces = this.encode("ListNamespacesResponse", { namespaces: [{ name: "default" }] });
    const unary = (answer: (call: ServerUnaryCall<Uint8Array, Uint8Array>) => Uint8Array) => ({
      requestStream: false,
      responseStream: false,
      handle: (call: ServerUnaryCall<Uint8Array, Uint8Array>, done: Unary) => done(null, answer(call)),
    });
    this.#serve(CONTAINERD_SERVICE.version, {
      Version: unary(() => this.encode("VersionResponse", { version: "2.1" })),
    });
    this.#serve(CONTAINERD_SERVICE.namespaces, { List: unary(() => this.namespaces) });
    this.#serve(CONTAINERD_SERVICE.containers, {
      List: unary(({ metadata }) => this.containers(String(metadata.get("containerd-namespace")[0]))),
    });
    this.#serve(CONTAINERD_SERVICE.events, {
      Subscribe: {
        requestStream: false,
        responseStream: true,
        handle: (call: ServerWritableStream<Uint8Array, Uint8Array>) => {
          this.#listeners.add(call);
          this.#onListener?.();
        },
      },
    });
  }

  async start(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      this.#server.bindAsync(
        `unix://${path}`,
        ServerCredentials.createInsecure(),
        (error) => error === null ? resolve() : reject(error),
      )
    );
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  async followed(): Promise<void> {
    if (this.#listeners.size > 0) return;
    await new Promise<void>((resolve) => this.#onListener = resolve);
  }

  /** Sends an event's bytes as they are. */
  send(bytes: Uint8Array): void {
    for (const listener of this.#listeners) listener.write(bytes);
  }

  encode(name: string, value: Message): Uint8Array {
    const type = this.#messages.lookupType(name);
    return type.encode(type.fromObject(value)).finish();
  }

  #serve(service: string, methods: Readonly<Record<string, Method>>): void {
    const raw = (bytes: Uint8Array) => Buffer.from(bytes);
    const entries = Object.entries(methods);
    this.#server.addService(
      Object.fromEntries(entries.map(([name, { requestStream, responseStream }]) => [name, {
        path: `/${service}/${name}`,
        requestStream,
        responseStream,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      }])),
      Object.fromEntries(entries.map(([name, { handle }]) => [name, handle])),
    );
  }
}
