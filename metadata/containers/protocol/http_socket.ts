// HTTP over a unix socket, towards an engine that may hang, refuse or send too much.
// In: a path and a query. Out: JSON of bounded size, or a stream of JSON lines of bounded length.
// Elsewhere: what is asked for (engines/docker.ts, engines/podman.ts).

import { createParser } from "./json_lines.ts";

const MAX_BODY_BYTES = 16 << 20;
const MAX_IDLE_CONNECTIONS = 8;
const ANSWER_TIMEOUT_MS = 5000;

export class HttpStatusError extends Error {
  override readonly name = "HttpStatusError";
  readonly status: number;

  constructor(path: string, status: number, answer: string) {
    super(`GET ${path}: status ${status}: ${answer.slice(0, 200)}`);
    this.status = status;
  }
}

export class HttpSocket {
  readonly #client: Deno.HttpClient;
  #isClosed = false;

  constructor(socketPath: string) {
    this.#client = Deno.createHttpClient({
      proxy: { transport: "unix", path: socketPath },
      poolMaxIdlePerHost: MAX_IDLE_CONNECTIONS,
      http2: false,
    });
  }

  /** @returns undefined where there is no such thing */
  async getJson(path: string, signal: AbortSignal): Promise<unknown> {
    const timeout = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await this.#open(path, AbortSignal.any([signal, timeout]));
    const text = await readBody(path, response);
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new HttpStatusError(path, response.status, text);
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`GET ${path}: the answer is no JSON: ${text.slice(0, 100)}`);
    }
  }

  /** Returns when the engine ends the stream. */
  async streamJson(path: string, onValue: (value: unknown) => void, signal: AbortSignal): Promise<void> {
    const response = await this.#open(path, signal);
    if (response.status !== 200) {
      throw new HttpStatusError(path, response.status, await readBody(path, response));
    }
    const parse = createParser(onValue);
    for await (const chunk of response.body ?? []) parse(chunk);
  }

  close(): void {
    if (!this.#isClosed) this.#client.close();
    this.#isClosed = true;
  }

  async #open(path: string, signal: AbortSignal): Promise<Response> {
    try {
      // engines on unix sockets do not look at the host
      return await fetch(`http://localhost${path}`, { client: this.#client, signal, redirect: "error" });
    } catch (error) {
      if (error instanceof DOMException && error.name === "TimeoutError") {
        throw new Error(`GET ${path}: no answer within ${ANSWER_TIMEOUT_MS / 1000} s`);
      }
      throw error;
    }
  }
}

async function readBody(path: string, { body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "", bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    // leaving the loop gives the connection up
    if (bytes > MAX_BODY_BYTES) {
      throw new Error(`GET ${path}: the answer is larger than ${MAX_BODY_BYTES >> 20} MiB`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
