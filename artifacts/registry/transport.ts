// One request to a registry: bounded in bytes, time and redirections.
// In: an address, headers. Out: status, headers and the whole body; an ArtifactError in words.
// Elsewhere: who asks, with which credentials (registry.ts, tokens.ts).
//
// Storage behind a registry is often on another host: what authorizes at the registry is not shown there, and nothing goes
// from HTTPS to plain HTTP.

import { bodyChunks, ByteCollector } from "../../base/mod.ts";
import { ArtifactError, quoted } from "../failure.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "GET" | "HEAD" | "POST";
  readonly body?: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 120_000;
const MAX_REDIRECTS = 5;

export class Transport {
  readonly #authority: string | undefined;
  #client: Deno.HttpClient | undefined;

  /** @param authority certificates in PEM that are trusted besides the system's */
  constructor(authority?: string) {
    this.#authority = authority;
  }

  async request(url: URL, options: RequestOptions): Promise<Answer> {
    this.#client ??= Deno.createHttpClient(
      this.#authority === undefined ? {} : { caCerts: [this.#authority] },
    );
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const { authorization, ...plain } = options.headers ?? {};
    let at = url;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const isHome = at.origin === url.origin;
      const headers = isHome && authorization !== undefined ? { ...plain, authorization } : plain;
      const answer = await this.#once(at, { ...options, headers, signal });
      if ("status" in answer) return answer;
      at = onward(at, answer.location);
    }
    throw new ArtifactError(`${url.host} redirects more than ${MAX_REDIRECTS} times`);
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  async #once(url: URL, options: RequestOptions): Promise<Answer | { readonly location: string }> {
    try {
      const response = await fetch(url, {
        method: options.method ?? "GET",
        headers: { ...options.headers },
        redirect: "manual",
        signal: options.signal,
        client: this.#client!,
        ...options.body === undefined ? {} : { body: options.body },
      });
      const location = response.headers.get("location");
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        return { location };
      }
      const bytes = await readBody(response, options.maxBytes, url.host);
      return { status: response.status, headers: response.headers, bytes };
    } catch (error) {
      throw inWords(url, error, options.signal);
    }
  }
}

async function readBody(
  response: Response,
  maxBytes: number,
  host: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLong = () => new ArtifactError(`${host} answered with more than ${maxBytes} bytes`);
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLong();
  }
  const all = new ByteCollector(maxBytes);
  for await (const chunk of bodyChunks(response)) if (!all.add(chunk)) throw tooLong();
  return all.take();
}

function onward(from: URL, location: string): URL {
  const to = URL.parse(location, from);
  if (to === null || !/^https?:$/.test(to.protocol)) {
    throw new ArtifactError(`${from.host} redirects to ${quoted(location)}`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw new ArtifactError(`${from.host} redirects from HTTPS to plain HTTP, at ${quoted(to.host)}`);
  }
  return to;
}

function inWords(url: URL, error: unknown, signal: AbortSignal): Error {
  if (error instanceof ArtifactError) return error;
  if (signal.aborted && signal.reason instanceof DOMException && signal.reason.name === "TimeoutError") {
    return new ArtifactError(`${url.host} gave no whole answer within ${TIMEOUT_MS / 1000} s`);
  }
  if (signal.aborted) return new ArtifactError(`${url.host}: the request was given up`);
  const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : "";
  const message = (error instanceof Error ? error.message : String(error)) + cause;
  const isPlain = /InvalidContentType|corrupt message|wrong version/i.test(message);
  return new ArtifactError(
    `${url.host} cannot be asked: ${quoted(message.replace(/ for url \([^)]*\)/g, "")).slice(1, -1)}`,
    isPlain ? { hint: "it speaks plain HTTP: allow that for this registry, if it is meant to" } : {},
  );
}
