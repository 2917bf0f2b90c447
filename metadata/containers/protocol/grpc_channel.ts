// gRPC over a unix socket: calls by name, with messages described in a few lines of the protocol's language.
// In: a socket, the text of the messages. Out: answers as plain objects, missing fields with their defaults.
// Elsewhere: the messages (cri_proto.ts, containerd_proto.ts), what is asked for (engines/). Only engines that need it
// load this file: the libraries take some ten megabytes.

import { Buffer } from "node:buffer";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import type { EngineLimits } from "../engine_limits.ts";
import { StreamBudget } from "../../../base/mod.ts";
import { checkMessage } from "./protobuf_bounds.ts";

const ANSWER_TIMEOUT_MS = 5000;

export interface Call {
  readonly service: string;
  readonly method: string;
  /** names of messages */
  readonly request: string;
  readonly response: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export class GrpcStatusError extends Error {
  override readonly name = "GrpcStatusError";
  readonly status: number;

  constructor(method: string, error: ServiceError) {
    super(`${method}: ${wordsOf(error)}`);
    this.status = error.code;
  }

  get isNotFound(): boolean {
    return this.status === status.NOT_FOUND;
  }

  get isUnimplemented(): boolean {
    return this.status === status.UNIMPLEMENTED;
  }
}

export class GrpcChannel {
  readonly #client: Client;
  readonly #messages: protobuf.NamespaceBase;

  readonly #limits: EngineLimits;

  /** @param proto with one `package` */
  constructor(socketPath: string, proto: string, limits: EngineLimits) {
    this.#limits = limits;
    const { root, package: name } = protobuf.parse(proto, { keepCase: true });
    this.#messages = root.lookup(name ?? "") as protobuf.NamespaceBase;
    this.#client = new Client(`unix://${socketPath}`, credentials.createInsecure(), {
      "grpc.default_authority": "localhost",
      "grpc.max_receive_message_length": limits.answer.bytes,
      "grpc.enable_http_proxy": 0,
      "grpc.use_local_subchannel_pool": 1,
    });
  }

  async call(call: Call, message: object, signal: AbortSignal): Promise<unknown> {
    const { method, request, response } = call;
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const running = this.#client.makeUnaryRequest(
        `/${call.service}/${method}`,
        (value: object) => this.#encode(request, value),
        (bytes: Uint8Array) => this.decode(response, bytes),
        message,
        headersOf(call),
        { deadline: Date.now() + ANSWER_TIMEOUT_MS },
        (error, answer) => {
          signal.removeEventListener("abort", cancel);
          if (error === null) resolve(answer);
          else if (error.code === status.DEADLINE_EXCEEDED) reject(new Error(`${method}: no answer in time`));
          else reject(new GrpcStatusError(method, error));
        },
      );
      const cancel = () => running.cancel();
      signal.addEventListener("abort", cancel, { once: true });
    });
  }

  /**
   * Returns when the server ends the stream.
   * @param onMalformed a message that cannot be read, or of which `onMessage` makes nothing: the next one counts
   */
  async stream(
    call: Call,
    message: object,
    onMessage: (value: unknown) => void,
    onMalformed: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    signal.throwIfAborted();
    const budget = new StreamBudget(this.#limits);
    await new Promise<void>((resolve, reject) => {
      const running = this.#client.makeServerStreamRequest(
        `/${call.service}/${call.method}`,
        (value: object) => this.#encode(call.request, value),
        // decoded here, where a message that cannot be costs only itself
        (bytes: Uint8Array) => bytes,
        message,
        headersOf(call),
      );
      const cancel = () => running.cancel();
      signal.addEventListener("abort", cancel, { once: true });
      running.on("data", (bytes: Uint8Array) => {
        try {
          budget.take(bytes.length);
        } catch (error) {
          running.cancel();
          return reject(error);
        }
        try {
          onMessage(this.decode(call.response, bytes));
        } catch {
          onMalformed();
        }
      });
      running.on("end", () => resolve());
      running.on("error", (error: ServiceError) => reject(new GrpcStatusError(call.method, error)));
      running.on("close", () => signal.removeEventListener("abort", cancel));
    });
  }

  /** @throws when it is no such message, or has too many parts */
  decode(name: string, bytes: Uint8Array): unknown {
    const { bytes: maxBytes, values } = this.#limits.answer;
    if (bytes.length > maxBytes) throw new Error(`a message is larger than ${maxBytes >> 20} MiB`);
    const type = this.#messages.lookupType(name);
    checkMessage(type, bytes, values);
    return type.toObject(type.decode(bytes), { longs: Number, defaults: true });
  }

  close(): void {
    this.#client.close();
  }

  #encode(name: string, value: object) {
    const type = this.#messages.lookupType(name);
    return Buffer.from(type.encode(type.fromObject(value)).finish());
  }
}

/** What the library says about a connection is long and its own. */
function wordsOf({ code, details, message }: ServiceError): string {
  if (code !== status.UNAVAILABLE) return details || message;
  const reason = /\bE[A-Z]{4,}\b/.exec(details)?.[0];
  return reason === undefined ? "no connection" : `no connection (${reason})`;
}

function headersOf({ headers }: Call): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers ?? {})) metadata.set(name, value);
  return metadata;
}
