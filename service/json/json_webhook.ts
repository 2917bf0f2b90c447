// Receives JSON events over HTTP, as the API server of Kubernetes sends audit events.
// In: where to listen. Out: events in the queue while a body still arrives, so that no body is in memory as a whole. A
// sender is held up while the queue has no room. 200 when the events of a body have been dealt with, also when some
// were set aside: with any other answer the API server sends all of them again, and all would alert again. 429 before
// anything is read when there is no room; 4xx when nothing of a body was taken.
// Who sends may be hostile: bodies are bounded in size and nothing that a request says reaches the log.
// Elsewhere: connections, heads, times and certificates (webhook_server.ts), reading (json_intake.ts).

import { Buffer } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { JsonInputPlan } from "../../config/mod.ts";
import type { BatchReader } from "../../sources/json/mod.ts";
import type { JsonComplaints } from "./json_complaints.ts";
import { JsonIntake } from "./json_intake.ts";
import type { JsonSource } from "./json_source.ts";
import { BearerToken } from "../web/bearer_token.ts";
import { codeOf, type HttpInput, WebhookServer } from "./webhook_server.ts";

const RETRY_AFTER_S = 1;
/**
 * Of events that have begun to arrive or wait for the queue, all connections together. Half of it is for requests that
 * have begun: others are sent away until there is room.
 */
const HELD_BYTES = 64 << 20;
/** What a compressed body may become: a megabyte of gzip can hold a gigabyte. */
const MAX_UNPACKED_BYTES = 64 << 20;

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** the rest of the request is not read */
  readonly closes?: boolean;
  /** the log has it already */
  readonly isTold?: boolean;
}

export interface JsonWebhookOptions {
  readonly plan: JsonInputPlan;
  readonly input: HttpInput;
  readonly source: JsonSource;
  readonly reader: BatchReader;
  readonly complaints: JsonComplaints;
}

export class JsonWebhook {
  readonly #plan: JsonInputPlan;
  readonly #input: HttpInput;
  readonly #source: JsonSource;
  readonly #reader: BatchReader;
  readonly #complaints: JsonComplaints;
  readonly #token: BearerToken | undefined;
  readonly #server: WebhookServer;
  #heldBytes = 0;

  constructor({ plan, input, source, reader, complaints }: JsonWebhookOptions) {
    this.#plan = plan;
    this.#input = input;
    this.#source = source;
    this.#reader = reader;
    this.#complaints = complaints;
    this.#server = new WebhookServer(input, (request, response) => this.#answer(request, response));
    this.#token = input.tokenFile === undefined ? undefined : new BearerToken(input.tokenFile, "tokenFile");
  }

  /** @throws Error that says what to do when the address or the certificate cannot be used */
  start(): Promise<void> {
    return this.#server.start();
  }

  /** Where it listens. */
  get url(): string {
    return this.#server.origin + this.#input.path;
  }

  /** Requests that have been received are answered. */
  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#respond(request, response).catch(() => {
      this.#source.counts.refusedRequests++;
      this.#complaints.refused("its body did not arrive as a whole, in time");
      response.destroy();
    });
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = this.#refusal(request);
    const { status, text, headers, closes, isTold } = refusal ?? await this.#take(request);
    if (status === 429) this.#source.counts.full++;
    else if (status >= 400) {
      this.#source.counts.refusedRequests++;
      if (isTold !== true) this.#complaints.refused(`${status}, ${text}`);
    }
    const body = Buffer.from(`${text}\n`);
    response.writeHead(status, {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Length": String(body.length),
      ...headers,
      ...closes === true || refusal !== undefined ? { Connection: "close" } : {},
    });
    response.end(body);
    // what a refused client goes on to send is not taken
    if (closes === true || refusal !== undefined) response.once("finish", () => request.socket.destroySoon());
  }

  /** What can be said without the body. */
  #refusal({ method, url = "/", headers }: IncomingMessage): Answer | undefined {
    if (url.split("?")[0] !== this.#input.path) return { status: 404, text: "there is nothing here" };
    if (this.#token !== undefined && !this.#token.admits(headers.authorization)) {
      return { status: 401, text: "a bearer token is needed", headers: { "WWW-Authenticate": "Bearer" } };
    }
    if (method !== "POST") {
      return { status: 405, text: "only POST is possible", headers: { Allow: "POST" } };
    }
    const type = headers["content-type"] ?? "";
    if (!/\bapplication\/json\b/i.test(type) && !isLines(type)) {
      return { status: 400, text: "the content type has to be application/json" };
    }
    const encoding = (headers["content-encoding"] ?? "identity").toLowerCase();
    if (encoding !== "identity" && encoding !== "gzip") {
      return { status: 415, text: "the only encoding is gzip", headers: { "Accept-Encoding": "gzip" } };
    }
    if (Number(headers["content-length"] ?? 0) > this.#plan.maxBatchBytes) {
      return tooLarge(this.#plan.maxBatchBytes);
    }
    return this.#source.isFull || this.#heldBytes > HELD_BYTES / 2 ? full() : undefined;
  }

  async #take(request: IncomingMessage): Promise<Answer> {
    const isPacked = (request.headers["content-encoding"] ?? "").toLowerCase() === "gzip";
    const body: Readable = isPacked ? pipeline(request, createGunzip(), () => {}) : request;
    const { maxBatchBytes } = this.#plan;
    const maxBytes = isPacked ? Math.min(maxBatchBytes, MAX_UNPACKED_BYTES) : maxBatchBytes;
    const intake = new JsonIntake(this.#source, this.#complaints, (bytes) => this.#heldBytes += bytes);
    const stream = this.#reader.stream(isLines(request.headers["content-type"] ?? ""));
    let bytes = 0;
    try {
      // an answer is possible only while the request has not been destroyed
      for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) return tooLarge(maxBytes);
        await intake.take(stream.take(chunk), stream);
        if (this.#heldBytes > HELD_BYTES) return { ...full(), closes: true };
      }
      await intake.take(stream.end(), stream);
    } catch (error) {
      if (!isPacked || !String(codeOf(error)).startsWith("Z_")) throw error;
      this.#source.note({ malformed: 1, tooLong: 0 });
      return { status: 400, text: "the body is not gzip", closes: true };
    } finally {
      intake.letGo();
    }
    const { accepted, setAside, reason, isDealtWith } = intake;
    if (setAside === 0) return { status: 200, text: "ok" };
    return {
      status: isDealtWith ? 200 : 400,
      text: `accepted ${accepted}, set aside ${setAside}: ${reason}`,
      isTold: true,
    };
  }
}

function full(): Answer {
  return {
    status: 429,
    text: "the queue is full: try again",
    headers: { "Retry-After": String(RETRY_AFTER_S) },
  };
}

function tooLarge(maxBytes: number): Answer {
  return { status: 413, text: `a request has at most ${maxBytes} bytes`, closes: true };
}

function isLines(type: string): boolean {
  return /\bapplication\/(x-ndjson|jsonl|x-jsonlines)\b/i.test(type);
}
