// Posts bodies to a receiver over HTTP or HTTPS and checks the status of its answer.
// In: an address, headers, certificates; then bodies. Out: the answer when it is 2xx, otherwise a SinkError.
// Elsewhere: bodies and what an answer says about single messages (outputs/sinks/), Falco's http_output
// (outputs/sinks/http.ts).

import { SinkError } from "../sink.ts";
import { Connection } from "./connection.ts";
import { oneLine, publicUrl } from "./network_error.ts";
import { retryAfterMs } from "./retry_after.ts";
import { readTlsFiles, type TlsFiles } from "./tls_files.ts";

export interface HttpPushOptions {
  /** for error messages: `loki sink "x"` */
  readonly what: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsFiles;
  readonly timeoutMs: number;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly token: string;
}

/** These speak of the body. All others (401, 404, 429, 503 …) speak of the receiver, who can be put right. */
export const BODY_REFUSED = [400, 413, 422];
/** Answers to bulk requests name each message; anything longer is no answer to us. */
const MAX_ANSWER_BYTES = 4 << 20;

export class HttpPush {
  readonly #options: HttpPushOptions;
  readonly #where: string;
  readonly #client: Connection<Deno.HttpClient>;

  constructor(options: HttpPushOptions) {
    this.#options = options;
    this.#where = `${options.what} at ${publicUrl(options.url)}`;
    this.#client = new Connection({
      what: this.#where,
      timeoutMs: options.timeoutMs,
      open: () => openClient(options.tls),
      close: (client) => client.close(),
    });
  }

  /** The body of the answer. */
  post(body: string, contentType: string, signal: AbortSignal): Promise<string> {
    return this.#client.use(signal, async (client, inner) => {
      const response = await fetch(this.#options.url, {
        method: "POST",
        headers: { "user-agent": "falco", ...this.#options.headers, "content-type": contentType },
        body,
        client,
        // a redirected POST may lose its body, and would take the credentials with it
        redirect: "manual",
        signal: inner,
      });
      const answer = await readBounded(response);
      if (!response.ok) throw this.#statusError(response, answer);
      return answer;
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #statusError(response: Response, answer: string): SinkError {
    const { status, statusText, headers } = response;
    const location = headers.get("location");
    const said = location === null ? answer : redirectText(location);
    const waitMs = retryAfterMs(headers.get("retry-after"));
    return new SinkError(oneLine(`${this.#where}: status ${status} ${statusText}: ${said}`), {
      retryable: !BODY_REFUSED.includes(status),
      cause: `status_${status}`,
      ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
    });
  }
}

/** A redirected request would take the alert, and the credentials, to anyone whom the answer names. */
export function redirectText(location: string): string {
  return `redirects to ${
    publicUrl(location)
  }, which is not followed: if that is the right address, set url to it`;
}

/** The address with the API's own path: when it has none, or always, below the path that it has. */
export function withPath(address: string, path: string, when: "empty" | "append" = "empty"): string {
  const url = new URL(address);
  const given = url.pathname.replace(/\/+$/, "");
  if (given === "" || (when === "append" && !given.endsWith(path))) url.pathname = given + path;
  return url.href;
}

/** The header for whatever of user, password and token was configured. */
export function authorization(
  { user, password, token }: Credentials,
  tokenScheme = "Bearer",
): Record<string, string> {
  if (token !== "") return { authorization: `${tokenScheme} ${token}` };
  if (user === "" && password === "") return {};
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

async function openClient(files: TlsFiles): Promise<Deno.HttpClient> {
  const { ca, cert, key } = await readTlsFiles(files);
  return Deno.createHttpClient({
    ...(ca === undefined ? {} : { caCerts: [ca] }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}

async function readBounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) {
      throw new SinkError(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`, {
        retryable: true,
        cause: "bad_answer",
      });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
