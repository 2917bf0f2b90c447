// A receiver over HTTP on loopback that answers as it is told to.
// In: what it says to a request. Out: the requests that it has had.

export interface Request {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export type Answer = (request: Request) => Response | Promise<Response>;

export class HttpReceiver implements AsyncDisposable {
  readonly requests: Request[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #end = new AbortController();

  constructor(public answer: Answer = () => new Response(null, { status: 204 })) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: this.#end.signal },
      async (raw) => {
        const { pathname, search } = new URL(raw.url);
        const request = { path: pathname + search, headers: raw.headers, body: await raw.text() };
        this.requests.push(request);
        return await this.answer(request);
      },
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get last(): Request {
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error("there was no request");
    return request;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#server.finished;
  }
}

export function status(code: number, body = "", headers: Record<string, string> = {}): Answer {
  return () => new Response(body === "" ? null : body, { status: code, headers });
}
