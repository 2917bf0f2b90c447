// An API server of Kubernetes that keeps some objects and speaks list and watch as the real one does: pages, versions,
// bookmarks, history that is forgotten, tokens. Tests make it misbehave.
// In: changes of objects. Out: a server on the loopback.

interface Kept {
  readonly path: string;
  version: number;
  object: KubeJson;
  isGone: boolean;
}

export interface KubeJson {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

type Watcher = { readonly url: URL; readonly path: string; send: (event: unknown) => void; end: () => void };

export class FakeApi {
  readonly requests: URL[] = [];
  readonly accepts: string[] = [];
  token = "";
  /** changes before this one are forgotten */
  forgottenUpTo = 0;
  /** a page at most */
  pageSize = 1000;
  /** pages that are told to have expired, from now on */
  expiredPages = 0;
  /** what is done with the next requests instead of answering them */
  faults: ((request: Request, url: URL) => Response | Promise<Response> | undefined)[] = [];
  /** of 409 and the like: answered while set */
  always: ((request: Request, url: URL) => Response | undefined) | undefined;
  #version = 100;
  readonly #kept = new Map<string, Kept>();
  readonly #watchers = new Set<Watcher>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get version(): number {
    return this.#version;
  }

  get watching(): number {
    return this.#watchers.size;
  }

  /** @param path of the list, such as /api/v1/pods */
  put(path: string, object: KubeJson): void {
    const known = this.#kept.get(object.metadata.uid);
    const version = ++this.#version;
    const isNew = known === undefined || known.isGone;
    this.#kept.set(object.metadata.uid, { path, version, object, isGone: false });
    this.#tell(path, isNew ? "ADDED" : "MODIFIED", object, version);
  }

  remove(uid: string): void {
    const kept = this.#kept.get(uid)!;
    kept.version = ++this.#version;
    kept.isGone = true;
    this.#tell(kept.path, "DELETED", kept.object, kept.version);
  }

  /** Something else in the cluster has changed. */
  bookmark(): void {
    this.#version++;
    this.send({
      type: "BOOKMARK",
      object: { kind: "Pod", metadata: { resourceVersion: String(this.#version) } },
    });
  }

  /** To all that watch. */
  send(event: unknown): void {
    for (const watcher of this.#watchers) watcher.send(event);
  }

  endWatches(): void {
    for (const watcher of [...this.#watchers]) watcher.end();
  }

  async close(): Promise<void> {
    this.endWatches();
    await this.#server.shutdown();
  }

  #tell(path: string, type: string, object: KubeJson, version: number): void {
    for (const watcher of this.#watchers) {
      if (watcher.path === path && chosen(object, watcher.url)) {
        watcher.send({ type, object: versioned(object, version) });
      }
    }
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    this.requests.push(url);
    this.accepts.push(request.headers.get("accept") ?? "");
    const fault = await (this.always?.(request, url) ?? this.faults.shift()?.(request, url));
    if (fault !== undefined) return fault;
    if (this.token !== "" && request.headers.get("authorization") !== `Bearer ${this.token}`) {
      return status(401, "Unauthorized");
    }
    if (url.searchParams.get("watch") === "true") {
      const isList = /as=PartialObjectMetadataList/.test(request.headers.get("accept") ?? "");
      return isList ? unencodable() : this.#watch(url);
    }
    const one = /^(.*)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url.pathname);
    if (one !== null) {
      const [, group, namespace, resource, name] = one;
      const kept = [...this.#kept.values()].find(({ path, object: { metadata }, isGone }) =>
        !isGone && path === `${group}/${resource}` && metadata.name === name &&
        metadata.namespace === namespace
      );
      return kept === undefined ? status(404, `${resource} "${name}" not found`) : Response.json(kept.object);
    }
    return this.#list(url);
  }

  #list(url: URL): Response {
    const all = [...this.#kept.values()].filter(({ path, object, isGone }) =>
      !isGone && path === url.pathname && chosen(object, url)
    );
    const limit = Math.min(Number(url.searchParams.get("limit") ?? "1000000"), this.pageSize);
    const from = Number(url.searchParams.get("continue") ?? "0");
    if (from > 0 && this.expiredPages > 0) {
      this.expiredPages--;
      return status(410, "The provided continue parameter is too old");
    }
    const to = url.searchParams.has("limit") ? from + limit : all.length;
    return Response.json({
      kind: "List",
      metadata: {
        resourceVersion: String(this.#version),
        ...to < all.length ? { continue: String(to) } : {},
      },
      items: all.length === 0
        ? null
        : all.slice(from, to).map(({ object, version }) => versioned(object, version)),
    });
  }

  #watch(url: URL): Response {
    const since = Number(url.searchParams.get("resourceVersion"));
    if (since < this.forgottenUpTo) {
      return status(410, `too old resource version: ${since} (${this.forgottenUpTo})`);
    }
    const encoder = new TextEncoder();
    let watcher: Watcher | undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        watcher = {
          url,
          path: url.pathname,
          // in two chunks, as a network may cut it
          send: (event) => {
            const text = typeof event === "string" ? event : JSON.stringify(event) + "\n";
            const middle = Math.floor(text.length / 2);
            controller.enqueue(encoder.encode(text.slice(0, middle)));
            controller.enqueue(encoder.encode(text.slice(middle)));
          },
          end: () => {
            this.#watchers.delete(watcher!);
            controller.close();
          },
        };
        this.#watchers.add(watcher);
        const missed = [...this.#kept.values()].filter(({ path, object, version }) =>
          path === url.pathname && version > since && chosen(object, url)
        );
        for (const { object, version, isGone } of missed.sort((a, b) => a.version - b.version)) {
          watcher.send({ type: isGone ? "DELETED" : "MODIFIED", object: versioned(object, version) });
        }
      },
      cancel: () => void this.#watchers.delete(watcher!),
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }
}

/** An answer that the API server gives when it does not do what was asked. */
export function status(code: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ kind: "Status", status: "Failure", message, code }, { status: code, headers });
}

/** A watch gives objects one by one, which are no list. */
function unencodable(): Response {
  const object = {
    kind: "Status",
    status: "Failure",
    code: 500,
    message: "unable to encode watch object: object is not a list",
  };
  return new Response(JSON.stringify({ type: "ERROR", object }) + "\n");
}

function versioned(object: KubeJson, version: number): unknown {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
}

function chosen({ spec }: KubeJson, url: URL): boolean {
  const node = /^spec\.nodeName=(.*)$/.exec(url.searchParams.get("fieldSelector") ?? "")?.[1];
  return node === undefined || spec?.["nodeName"] === node;
}
