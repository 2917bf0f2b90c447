// Requests to the API server of Kubernetes.
// In: where it is, files with a token and with its authority. Out: objects, streams of lines, or an ApiError in words.
// Elsewhere: what is asked when (reflector.ts, owner_lookup.ts).
//
// The files are read at each request: the kubelet replaces a token long before it expires, and authorities now and then.

import { readSlowFile } from "../../files/slow_file.ts";
import { textOf } from "../containers/json_value.ts";

export interface ApiSettings {
  /** https://host:port */
  readonly url: string;
  /** "" for none */
  readonly tokenFile: string;
  /** authorities in PEM; "" for the system's */
  readonly caFile: string;
}

export type Query = Readonly<Record<string, string>>;

/** Metadata is all that is needed of most objects, and a small part of them. */
export type Shape = "whole" | "metadata list" | "metadata";

export class ApiError extends Error {
  /** of HTTP; 0 when there was no answer */
  readonly status: number;
  readonly retryAfterMs: number;
  /** What was said since cannot be relied on: only a new list helps. */
  readonly needsList: boolean;

  constructor(
    message: string,
    about: { readonly status?: number; readonly retryAfterMs?: number; readonly needsList?: boolean } = {},
  ) {
    super(message);
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
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 << 20;
const MAX_SECRET_BYTES = 1 << 20;
const MAX_LINE_BYTES = 8 << 20;
const MAX_REASON_CHARACTERS = 300;
const MAX_RETRY_AFTER_MS = 300_000;
const ACCEPT: Readonly<Record<Shape, string>> = {
  "whole": "application/json",
  "metadata list": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
  "metadata": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json",
};

export class ApiClient {
  readonly #settings: ApiSettings;
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
    const text = await inWords(() => readWhole(response));
    try {
      return JSON.parse(text);
    } catch {
      throw new ApiError(`${path} answered with what is no JSON`);
    }
  }

  /** The values of a stream, one to a line, until the server ends it or `timeoutMs` are over. */
  async stream(
    path: string,
    query: Query,
    shape: Shape,
    options: { readonly signal: AbortSignal; readonly timeoutMs: number },
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
      await inWords(() => readLines(response, onValue));
    } finally {
      clearTimeout(timer);
      clearTimeout(begin);
    }
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #request(path: string, query: Query, shape: Shape, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: ACCEPT[shape] };
    const token = await readSecret("token", this.#settings.tokenFile);
    if (token !== "") headers["authorization"] = `Bearer ${token}`;
    const client = await this.#connect();
    const url = `${this.#settings.url.replace(/\/+$/, "")}${path}?${new URLSearchParams(query)}`;
    const response = await inWords(() => fetch(url, { headers, client, signal, redirect: "error" }));
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
  const said = await readWhole(response).catch(() => "");
  let reason = said;
  try {
    reason = textOf(JSON.parse(said)?.message) || said;
  } catch {
    // a proxy in between speaks HTML
  }
  const seconds = Number(headers.get("retry-after") ?? "0");
  const retryAfterMs = seconds > 0 ? Math.min(seconds * 1000, MAX_RETRY_AFTER_MS) : 0;
  return new ApiError(`status ${status}: ${oneLine(reason)}`, { status, retryAfterMs });
}

async function readWhole(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new ApiError(`the answer is longer than ${MAX_ANSWER_BYTES >> 20} MiB`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function readLines(response: Response, onValue: (value: unknown) => void): Promise<void> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    for (const [at, line] of lines.entries()) {
      parts.push(line);
      bytes += line.length;
      if (bytes > MAX_LINE_BYTES) throw new ApiError(`an event is longer than ${MAX_LINE_BYTES >> 20} MiB`);
      if (at === lines.length - 1) continue;
      const text = parts.join("");
      parts = [];
      bytes = 0;
      if (text.trim() !== "") onValue(parseLine(text));
    }
  }
  if (parts.join("").trim() !== "") throw new ApiError("the stream broke off in the middle of an event");
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError("the stream holds what is no JSON", { needsList: true });
  }
}

async function inWords<T>(job: () => Promise<T>): Promise<T> {
  try {
    return await job();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") {
      throw new ApiError("no answer in time");
    }
    throw new ApiError(oneLine(messageOf(error)));
  }
}

/** What a stranger said, fit for a line of the log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim().slice(
    0,
    MAX_REASON_CHARACTERS,
  );
}

/** fetch puts the reason into the cause, and repeats the address. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return (error.message + cause).replace(/ for url \([^)]*\)/g, "");
}
