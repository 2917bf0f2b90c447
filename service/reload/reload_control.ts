// Falco's reload control: `POST /reload` at a Unix socket has rules and settings read again, `GET /reload` says what became of
// it. Off unless reload_control.enabled says otherwise.
// In: the run. Out: a socket, as long as the run lives and the settings ask for it. Nothing here can end detection: a socket
// that cannot be made is logged, and tried again.
// Elsewhere: who can reach the socket (service/web/unix_listener.ts), reloading (reload.ts), its state (reload_state.ts). The web server
// answers GET /reload, too, and never POST (service/web/routes.ts).

import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import type { Component, RunState } from "../run/run_state.ts";
import { createBoundedServer } from "../web/bounded_server.ts";
import { boundPipelining } from "../web/pipelining.ts";
import { UnixListener } from "../web/unix_listener.ts";

export type ReloadControlled = Pick<RunState, "settings" | "log" | "reloads" | "requestReload">;

interface Answer {
  readonly status: number;
  /** JSON, or a line of text */
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PATH = "/reload";
const CONNECTIONS = { maxConnections: 16, maxPerClient: 16 };
const MAX_BODY_BYTES = 1024;
const RETRY_MS = 10_000;

export class ReloadControl implements Component {
  readonly #run: ReloadControlled;
  /** where it listens, or tries to */
  #path: string | undefined;
  #listener: UnixListener | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  private constructor(run: ReloadControlled) {
    this.#run = run;
  }

  /** Resolves when it listens, or has failed to. */
  static async start(run: ReloadControlled): Promise<ReloadControl> {
    const control = new ReloadControl(run);
    await control.reloaded();
    return control;
  }

  async reloaded(): Promise<void> {
    const path = socketOf(this.#run.settings);
    if (path === this.#path) return;
    await this.close();
    this.#path = path;
    if (path !== undefined) await this.#open(path, true);
  }

  async close(): Promise<void> {
    clearTimeout(this.#retry);
    this.#path = undefined;
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.stop();
  }

  async #open(path: string, isFirst: boolean): Promise<void> {
    const { log } = this.#run;
    const server = createBoundedServer(
      boundPipelining((request, response) => respond(response, this.#answer(request))),
      CONNECTIONS,
    );
    try {
      this.#listener = await UnixListener.start(path, server);
      log("info", `reload control: ${path}`);
    } catch (error) {
      const reason = messageOf(error);
      if (isFirst) {
        const again = `trying again every ${RETRY_MS / 1000} s, detection goes on`;
        log("error", `reload control: Cannot listen at ${path}: ${reason}; ${again}`);
      }
      this.#retry = setTimeout(() => void this.#open(path, false), RETRY_MS);
      Deno.unrefTimer(this.#retry);
    }
  }

  #answer({ method, url = "", headers }: IncomingMessage): Answer {
    const { reloads } = this.#run;
    const [path] = url.split("?");
    if (path !== PATH) return { status: 404, body: `there is ${PATH}\n` };
    if (method === "GET" || method === "HEAD") return { status: 200, body: reloads.json };
    if (method !== "POST") {
      return { status: 405, body: "only GET, HEAD and POST\n", headers: { Allow: "GET, HEAD, POST" } };
    }
    const bodyBytes = Number(headers["content-length"] ?? 0);
    if (bodyBytes > MAX_BODY_BYTES) return { status: 413, body: "a reload takes no body\n" };
    if (bodyBytes > 0 || headers["transfer-encoding"] !== undefined || url !== PATH) {
      return { status: 400, body: "a reload takes neither a body nor a query\n" };
    }
    // before it is asked for: it may begin at once
    const body = reloads.baselineJson;
    if (!this.#run.requestReload(`asked for at ${this.#path}`)) {
      return { status: 503, body: "falco is about to end\n" };
    }
    return { status: 202, body, headers: { Location: PATH } };
  }
}

function respond(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, {
    ...headers,
    "Content-Type": body.startsWith("{") ? "application/json" : "text/plain; charset=utf-8",
    "Content-Length": String(body.length),
    "Cache-Control": "no-store",
    // one request, as Falco's: no body that nobody reads can follow
    Connection: "close",
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

function socketOf(settings: Settings): string | undefined {
  return settings["reload_control.enabled"] ? settings["reload_control.socket"] : undefined;
}
