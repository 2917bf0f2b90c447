// HTTP over a unix socket, towards an engine that may hang, refuse or send too much.
// In: a path and a query. Out: JSON of bounded size, or a stream of JSON lines of bounded length.
// Elsewhere: what is asked for (engines/docker.ts, engines/podman.ts).

import { bodyChunks, ByteCollector, parseBoundedJson, StreamBudget } from "../../../base/mod.ts";
import type { EngineLimits } from "../engine_limits.ts";
import { createParser } from "./json_lines.ts";

const MAX_IDLE_CONNECTIONS = 8;
const ANSWER_TIMEOUT_MS = 5000;
const MAX_ERROR_BYTES = 4096;

class HttpStatusError extends Error {
  override readonly name = "HttpStatusError";
  readonly status: number;

  constructor(path: string, status: number, answer: string) {
    super(`GET ${path}: status ${status}: ${answer.slice(0, 200)}`);
    this.status = status;
  }
}

export class HttpSocket {
  readonly #client: Deno.HttpClient;
  readonly #limits: EngineLimits;
  #isClosed = false;

  constructor(socketPath: string, limits: EngineLimits) {
    this.#limits = limits;
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
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (response.status !== 200) throw new HttpStatusError(path, response.status, await readError(response));
    using body = new ByteCollector(this.#limits.answer.bytes);
    const bytes = await readBody(path, response, body);
    try {
      return parseBoundedJson(bytes, this.#limits.answer);
    } catch (error) {
      const what = error instanceof SyntaxError ? "no JSON" : (error as Error).message;
      throw new Error(`GET ${path}: the answer is ${what}`);
    }
  }

  /** Returns when the engine ends the stream. */
  async streamJson(
    path: string,
    onValue: (value: unknown) => void,
    onMalformed: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await this.#open(path, signal);
    if (response.status !== 200) {
      throw new HttpStatusError(path, response.status, await readError(response));
    }
    const { lineBytes, answer } = this.#limits;
    const budget = new StreamBudget(this.#limits);
    const parse = createParser({ ...answer, bytes: lineBytes }, onValue, onMalformed);
    // leaving the loop gives the connection up
    for await (const chunk of bodyChunks(response)) {
      budget.take(chunk.length);
      parse(chunk);
    }
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

async function readBody(
  path: string,
  response: Response,
  all: ByteCollector,
): Promise<Uint8Array<ArrayBuffer>> {
  for await (const chunk of bodyChunks(response)) {
    // leaving the loop gives the connection up
    if (!all.add(chunk)) throw new Error(`GET ${path}: the answer is larger than ${all.most >> 20} MiB`);
  }
  return all.take();
}

/** The beginning of what was said. */
async function readError(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "", bytes = 0;
  for await (const chunk of bodyChunks(response)) {
    text += decoder.decode(chunk.subarray(0, MAX_ERROR_BYTES), { stream: true });
    bytes += chunk.length;
    if (bytes > MAX_ERROR_BYTES) break;
  }
  return text;
}
