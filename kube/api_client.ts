// Requests to the API server of Kubernetes.
// In: where it is, files with a token and with its authority. Out: objects, streams of lines, or an ApiError in words.
// Elsewhere: what is asked when (reflector.ts, metadata/kubernetes/owner_lookup.ts).
//
// The files are read at each request: the kubelet replaces a token long before it expires, and authorities now and then.

import { readSlowFile } from "../files/mod.ts";
import {
  bodyChunks,
  BoundError,
  ByteCollector,
  type JsonLimits,
  objectOf,
  parseBoundedJson,
  StreamBudget,
  textOf,
} from "../base/mod.ts";

export interface ApiSettings {
  /** https://host:port */
  readonly url: string;
  /** "" for none */
  readonly tokenFile: string;
  /** authorities in PEM; "" for the system's */
  readonly caFile: string;
}

/** What is asked for besides reading. */
export interface Change {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  /** of the body; application/json when absent */
  readonly contentType?: string;
  readonly body?: unknown;
}

export type Query = Readonly<Record<string, string>>;

/** Metadata is all that is needed of most objects, and a small part of them. Events of a watch hold one object each. */
export type Shape = "whole" | "metadata list" | "metadata";

export class ApiError extends Error {
  /** of HTTP; 0 when there was no answer */
  readonly status: number;
  readonly retryAfterMs: number;
  /** What was said since cannot be relied on: only a new list helps. */
  readonly needsList: boolean;
  /** There is no connection, or who answers has no store: the server is away, and may be back any moment. */
  readonly isAway: boolean;

  constructor(
    message: string,
    about: Partial<Pick<ApiError, "status" | "retryAfterMs" | "needsList" | "isAway">> = {},
  ) {
    super(message);
    this.isAway = about.isAway ?? false;
    this.status = about.status ?? 0;
    this.retryAfterMs = about.retryAfterMs ?? 0;
    this.needsList = about.needsList ?? this.isExpired;
  }

  /** What was asked for is so old that the server does not have it any more. */
  get isExpired(): boolean {
    return this.status === GONE;
  }
}

const GONE = 410;
const WITHOUT_STORE = [500, 503];
const REQUEST_TIMEOUT_MS = 30_000;
/** A page of objects: the largest that the API server stores have 1.5 MB, ordinary ones a few kilobytes. */
const ANSWER: JsonLimits = { bytes: 8 << 20, values: 400_000, depth: 64 };
const EVENT: JsonLimits = { bytes: 4 << 20, values: 250_000, depth: 64 };
/** Of all answers and events together: lists of a large cluster at once, then what changes in one. */
const BUDGET = { streamBytes: 128 << 20, streamBytesASecond: 1 << 20 };
const MAX_REASON_BYTES = 64 << 10;
const MAX_SECRET_BYTES = 1 << 20;
const NEWLINE = 10;
const SPACE = 32;
const MAX_REASON_CHARACTERS = 600;
const MAX_RETRY_AFTER_MS = 300_000;
const ACCEPT: Readonly<Record<Shape, string>> = {
  "whole": "application/json",
  "metadata list": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
  "metadata": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
};

export class ApiClient {
  readonly #settings: ApiSettings;
  readonly #budget = new StreamBudget(BUDGET);
  #client: Deno.HttpClient | undefined;
  #authority = "";

  constructor(settings: ApiSettings) {
    this.#settings = settings;
  }

  get url(): string {
    return this.#settings.url;
  }

  /** One answer in bounded time. */
  async get(path: string, query: Query, shape: Shape, signal: AbortSignal): Promise<unknown> {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const response = await this.#request(path, query, shape, bound);
    using body = new ByteCollector(ANSWER.bytes);
    const bytes = await inWords(() => readWhole(response, body, this.#budget));
    return parse(bytes, ANSWER, (what) => new ApiError(`${path} answered with what is ${what}`));
  }

  /** Something is made, changed or removed; what the server has of it then. */
  async send(path: string, query: Query, change: Change, signal: AbortSignal): Promise<unknown> {
    const bound = AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]);
    const response = await this.#request(path, query, "whole", bound, change);
    using body = new ByteCollector(ANSWER.bytes);
    const bytes = await inWords(() => readWhole(response, body, this.#budget));
    return parse(bytes, ANSWER, (what) => new ApiError(`${path} answered with what is ${what}`));
  }

  /** The values of a stream, one to a line, until the server ends it or `timeoutMs` are over. */
  async stream(
    path: string,
    query: Query,
    shape: Shape,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly onOpen?: () => void },
    onValue: (value: unknown) => void,
  ): Promise<void> {
    const end = new AbortController();
    const timer = setTimeout(() => end.abort(new ApiError("the stream was silent")), options.timeoutMs);
    // a server that accepts and says nothing has a shorter time until its answer begins
    const begin = setTimeout(
      () => end.abort(new ApiError("no answer in time")),
      Math.min(options.timeoutMs, REQUEST_TIMEOUT_MS),
    );
    try {
      const signal = AbortSignal.any([options.signal, end.signal]);
      const response = await this.#request(path, query, shape, signal);
      clearTimeout(begin);
      options.onOpen?.();
      await inWords(() => readLines(response, this.#budget, onValue));
    } finally {
      clearTimeout(timer);
      clearTimeout(begin);
    }
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #request(
    path: string,
    query: Query,
    shape: Shape,
    signal: AbortSignal,
    change?: Change,
  ): Promise<Response> {
    const headers: Record<string, string> = { accept: ACCEPT[shape] };
    if (change?.body !== undefined) headers["content-type"] = change.contentType ?? "application/json";
    const token = await readSecret("token", this.#settings.tokenFile);
    if (token !== "") headers["authorization"] = `Bearer ${token}`;
    const client = await this.#connect();
    const url = `${this.#settings.url.replace(/\/+$/, "")}${path}?${new URLSearchParams(query)}`;
    const response = await inWords(() =>
      fetch(url, {
        headers,
        client,
        signal,
        redirect: "error",
        ...change === undefined ? {} : { method: change.method },
        ...change?.body === undefined ? {} : { body: JSON.stringify(change.body) },
      })
    );
    if (response.ok) return response;
    throw await statusError(response);
  }

  async #connect(): Promise<Deno.HttpClient> {
    const authority = await readSecret("authority", this.#settings.caFile);
    if (this.#client === undefined || authority !== this.#authority) {
      const old = this.#client;
      this.#client = Deno.createHttpClient({ ...authority === "" ? {} : { caCerts: [authority] } });
      this.#authority = authority;
      old?.close();
    }
    return this.#client;
  }
}

async function readSecret(what: string, path: string): Promise<string> {
  if (path === "") return "";
  const read = await readSlowFile(path, MAX_SECRET_BYTES);
  if ("bytes" in read) return new TextDecoder().decode(read.bytes).trim();
  throw new ApiError(`the file of the ${what}, ${path}, cannot be read: ${read.problem.reason}`);
}

async function statusError(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  using body = new ByteCollector(MAX_REASON_BYTES);
  const bytes = await readWhole(response, body).catch(() => new Uint8Array(0));
  let reason = "";
  try {
    reason = textOf(objectOf(parseBoundedJson(bytes, EVENT))["message"]);
  } catch {
    // a proxy in between speaks HTML
  }
  const seconds = Number(headers.get("retry-after") ?? "0");
  const retryAfterMs = seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : 0;
  const said = reason || new TextDecoder().decode(bytes.subarray(0, MAX_REASON_CHARACTERS));
  const isAway = WITHOUT_STORE.includes(status);
  return new ApiError(`status ${status}: ${oneLine(said)}`, { status, retryAfterMs, isAway });
}

async function readWhole(
  response: Response,
  all: ByteCollector,
  budget?: StreamBudget,
): Promise<Uint8Array<ArrayBuffer>> {
  for await (const chunk of bodyChunks(response)) {
    budget?.take(chunk.length);
    // leaving the loop gives the connection up
    if (!all.add(chunk)) throw new ApiError(`the answer is longer than ${sizeOf(all.most)}`);
  }
  return all.take();
}

async function readLines(
  response: Response,
  budget: StreamBudget,
  onValue: (value: unknown) => void,
): Promise<void> {
  using line = new ByteCollector(EVENT.bytes);
  const add = (part: Uint8Array) => {
    if (!line.add(part)) throw new ApiError(`an event is longer than ${sizeOf(EVENT.bytes)}`);
  };
  for await (const chunk of bodyChunks(response)) {
    budget.take(chunk.length);
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to));
      from = to + 1;
      const bytes = line.take();
      if (bytes.some((byte) => byte > SPACE)) onValue(parseLine(bytes));
    }
    add(chunk.subarray(from));
  }
  if (line.length > 0) throw new ApiError("the stream broke off in the middle of an event");
}

function parseLine(line: Uint8Array): unknown {
  return parse(line, EVENT, (what) => new ApiError(`the stream holds what is ${what}`, { needsList: true }));
}

function parse(bytes: Uint8Array, limits: JsonLimits, errorFor: (what: string) => ApiError): unknown {
  try {
    return parseBoundedJson(bytes, limits);
  } catch (error) {
    throw errorFor(error instanceof BoundError ? error.message : "no JSON");
  }
}

function sizeOf(bytes: number): string {
  return bytes >= 1 << 20 ? `${bytes >> 20} MiB` : `${bytes >> 10} KiB`;
}

async function inWords<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") {
      throw new ApiError("no answer in time");
    }
    throw new ApiError(oneLine(requestMessage(error)), { isAway: true });
  }
}

/** What a stranger said, fit for a line of the log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim().slice(
    0,
    MAX_REASON_CHARACTERS,
  );
}

/** fetch puts the reason into the cause, and repeats the address. */
export function requestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return (error.message + cause).replace(/ for url \([^)]*\)/g, "");
}
