// Alerts to an HTTP or HTTPS server by POST, as Falco sends them: one alert a request, its text or JSON as the body.
// In: batches. Out: an answer of 2xx, or an error by what the server said: 400, 413 and 422 speak of the alert, which is
// dropped; all others speak of the server or its address, which can be put right.
// Elsewhere: the request itself (http_request.ts), when to try again (sink_queue.ts).

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { BODY_REFUSED, redirectText } from "../network/http_push.ts";
import { networkError, oneLine, publicUrl } from "../network/network_error.ts";
import { tryHosts } from "../network/try_receiver.ts";
import { retryAfterMs } from "../network/retry_after.ts";
import { sanitize, within } from "../../base/mod.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { type HttpAnswer, HttpRequests, type HttpTls } from "./http_request.ts";

export interface HttpSinkOptions {
  readonly name: string;
  readonly url: string;
  readonly userAgent: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string;
  readonly tls: HttpTls;
  /** print what the server answers */
  readonly echo: boolean;
  readonly compress: boolean;
  /** TCP keep-alive probes */
  readonly keepAlive: boolean;
  /** so many timeouts more, then a request is given up; Infinity: never */
  readonly maxConsecutiveTimeouts: number;
  readonly maxBatch: number;
  readonly timeoutMs: number;
}

export class HttpSink implements Sink {
  readonly name: string;
  readonly maxBatch: number;
  readonly attemptTimeoutMs: number;
  readonly #options: HttpSinkOptions;
  readonly #where: string;
  readonly #requests: HttpRequests;
  readonly #encoder = new TextEncoder();
  #timeouts = 0;

  constructor(options: HttpSinkOptions) {
    this.#options = options;
    this.name = options.name;
    this.maxBatch = options.maxBatch;
    this.attemptTimeoutMs = options.timeoutMs;
    this.#where = publicUrl(options.url);
    this.#requests = new HttpRequests(new URL(options.url), options.tls, options.keepAlive);
  }

  async deliver(batch: readonly SinkMessage[], signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#post(batch, signal);
      if (this.#options.echo) await echo(answer.body);
      this.#check(answer);
      this.#timeouts = 0;
    } catch (error) {
      throw this.#afterTimeouts(networkError(this.#where, error));
    }
  }

  async tryOut(): Promise<void> {
    await this.#requests.readCertificates();
    await tryHosts(this.#options.url);
  }

  close(): Promise<void> {
    this.#requests.close();
    return Promise.resolve();
  }

  async #post(batch: readonly SinkMessage[], signal: AbortSignal): Promise<HttpAnswer> {
    const { userAgent, headers, contentType, compress } = this.#options;
    const text = batch.map(({ body }) => body).join("\n") + (batch.length > 1 ? "\n" : "");
    const plain = this.#encoder.encode(text);
    return await this.#requests.post(compress ? await promisify(gzip)(plain) : plain, {
      "user-agent": userAgent,
      "content-type": contentType,
      accept: "*/*",
      ...(compress ? { "content-encoding": "gzip" } : {}),
      ...headers,
    }, signal);
  }

  #check({ status, headers, body }: HttpAnswer): void {
    if (status >= 200 && status < 300) return;
    const said = headers.location === undefined ? body : redirectText(headers.location);
    const waitMs = retryAfterMs(headers["retry-after"]);
    throw new SinkError(oneLine(`${this.#where}: status ${status}: ${said}`).replace(/:$/, ""), {
      retryable: !BODY_REFUSED.includes(status),
      cause: `status_${status}`,
      untaken: status < 500,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }

  /** Falco gives an alert up after so many timeouts in a row. */
  #afterTimeouts(error: SinkError): SinkError {
    if (error.details.cause !== "timeout") {
      this.#timeouts = 0;
      return error;
    }
    if (this.#timeouts++ < this.#options.maxConsecutiveTimeouts) return error;
    this.#timeouts = 0;
    const times = this.#options.maxConsecutiveTimeouts + 1;
    return new SinkError(`${error.message} (${times} times)`, { ...error.details, retryable: false });
  }
}

/** How long a reader of standard output may hold up this output. */
const ECHO_LIMIT_MS = 1000;

/** A server's words must not look like ours: no escape sequences. Resolves when they are written, or nobody reads. */
async function echo(body: string): Promise<void> {
  const lines = body.split("\n").map(sanitize).join("\n");
  const bytes = new TextEncoder().encode(lines.endsWith("\n") ? lines : lines + "\n");
  await within(ECHO_LIMIT_MS, writeAll(bytes));
}

async function writeAll(bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
  } catch {
    // standard output has no reader any more
  }
}
