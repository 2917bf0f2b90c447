// An API server of the tests' own that keeps objects: lists, watches, server-side apply, statuses, finalizers, owners. What
// applying the same again does (nothing) and what it does to fields of others (nothing) is as the real one has it.
// In: objects. Out: a server on the loopback, what it keeps.

type Json = Record<string, unknown>;

export interface Kept extends Json {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json & {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Record<string, string>;
  };
  readonly status?: Json;
}

interface Watcher {
  readonly path: string;
  readonly send: (type: string, object: Kept) => void;
  readonly end: () => void;
}

const PATH =
  /^((?:\/api\/v1|\/apis\/[^/]+\/[^/]+)(?:\/namespaces\/([^/]+))?\/([a-z]+))(?:\/([^/]+))?(\/status)?$/;

export class FakeCluster implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** by path */
  readonly #kept = new Map<string, Kept>();
  readonly #watchers = new Set<Watcher>();
  #version = 1;
  #uids = 0;
  /** `PATCH /apis/…` */
  readonly changes: string[] = [];
  refuse: (method: string, path: string) => Response | undefined = () => undefined;
  #news = Promise.withResolvers<void>();

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { end } of this.#watchers) end();
    await this.#server.shutdown();
  }

  object(path: string): Kept | undefined {
    return this.#kept.get(path);
  }

  all(list: string): Kept[] {
    return [...this.#kept].filter(([path]) => isBelow(path, list)).map(([, object]) => object);
  }

  /** As a user would: what is there is replaced. */
  put(path: string, object: Json): Kept {
    return this.#store(
      path,
      object,
      (old) => ({ ...object, ...old === undefined ? {} : { status: old.status } }),
    );
  }

  remove(path: string): void {
    const old = this.#kept.get(path);
    if (old === undefined) return;
    const finalizers = (old.metadata["finalizers"] ?? []) as string[];
    if (finalizers.length > 0) {
      this.#store(
        path,
        old,
        () => ({ ...old, metadata: { ...old.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } }),
      );
      return;
    }
    this.#kept.delete(path);
    this.#tell(path, "DELETED", old);
    for (const [child, { metadata }] of [...this.#kept]) {
      const owners = (metadata["ownerReferences"] ?? []) as Json[];
      if (owners.some(({ uid }) => uid === old.metadata.uid)) this.remove(child);
    }
  }

  /** Resolves when it is so: looked at after each change. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await this.#news.promise;
  }

  #store(path: string, object: Json, merge: (old: Kept | undefined) => Json): Kept {
    const old = this.#kept.get(path);
    const next = structuredClone(merge(old)) as Kept & { metadata: Json };
    const [, , namespace] = PATH.exec(path)!;
    const isOther = JSON.stringify(next["spec"] ?? null) !== JSON.stringify(old?.["spec"] ?? null);
    next.metadata = {
      ...next.metadata,
      ...namespace === undefined ? {} : { namespace },
      uid: old?.metadata.uid ?? `uid-${++this.#uids}`,
      generation: Number(old?.metadata["generation"] ?? 0) + (isOther ? 1 : 0),
      resourceVersion: old?.metadata["resourceVersion"] ?? "0",
    } as Kept["metadata"];
    if (old !== undefined && JSON.stringify(sorted(old)) === JSON.stringify(sorted(next))) return old;
    next.metadata["resourceVersion"] = String(++this.#version);
    this.#kept.set(path, next);
    this.#tell(path, old === undefined ? "ADDED" : "MODIFIED", next);
    const finalizers = (next.metadata["finalizers"] ?? []) as string[];
    if (next.metadata["deletionTimestamp"] !== undefined && finalizers.length === 0) this.remove(path);
    void object;
    return next;
  }

  #tell(path: string, type: string, object: Kept): void {
    for (const watcher of this.#watchers) if (isBelow(path, watcher.path)) watcher.send(type, object);
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve();
  }

  async #answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const [path, list = "", , , name, status] = PATH.exec(decodeURIComponent(url.pathname)) ?? [];
    if (path === undefined) return failed(404, "no such path");
    const body = request.body === null ? {} : JSON.parse(await request.text());
    const own = name === undefined ? list : `${list}/${name}`;
    if (request.method !== "GET") this.changes.push(`${request.method} ${path}`);
    const refusal = this.refuse(request.method, path);
    if (refusal !== undefined) return refusal;
    const old = this.#kept.get(own);
    switch (request.method) {
      case "GET":
        if (name !== undefined) return old === undefined ? failed(404, "not found") : Response.json(old);
        return url.searchParams.has("watch") ? this.#watch(list, url) : this.#list(list, url);
      case "POST":
        if (this.#kept.has(`${list}/${body.metadata.name}`)) return failed(409, "already exists");
        return Response.json(this.put(`${list}/${body.metadata.name}`, body));
      case "PUT":
        if (old?.metadata["resourceVersion"] !== body.metadata.resourceVersion) {
          return failed(409, "has been modified");
        }
        return Response.json(this.put(own, body));
      case "PATCH":
        return this.#patch(own, body, {
          isStatus: status !== undefined,
          isApply: url.searchParams.has("fieldManager"),
        });
      default:
        if (old === undefined) return failed(404, "not found");
        this.remove(own);
        return Response.json({ kind: "Status", status: "Success" });
    }
  }

  #patch(path: string, body: Json, { isStatus, isApply }: { isStatus: boolean; isApply: boolean }): Response {
    const old = this.#kept.get(path);
    if (old === undefined && (isStatus || !isApply)) return failed(404, "not found");
    const metadata = { ...old?.metadata, ...body["metadata"] as Json };
    if (isStatus) return Response.json(this.#store(path, body, () => ({ ...old, status: body["status"] })));
    return Response.json(
      this.#store(
        path,
        body,
        () => ({ ...old, ...body, metadata, ...old?.status === undefined ? {} : { status: old.status } }),
      ),
    );
  }

  #selected(path: string, url: URL): Kept[] {
    const [key, value] = (url.searchParams.get("labelSelector") ?? "").split("=");
    const nodeName = url.searchParams.get("fieldSelector")?.replace("spec.nodeName=", "");
    return [...this.#kept].filter(([own, { metadata, spec }]) =>
      isBelow(own, path) && (!key || metadata.labels?.[key] === value) &&
      (nodeName === undefined || (spec as Json | undefined)?.["nodeName"] === nodeName)
    )
      .map(([, object]) => object);
  }

  #list(path: string, url: URL): Response {
    return Response.json({
      metadata: { resourceVersion: String(this.#version) },
      items: this.#selected(path, url),
    });
  }

  #watch(path: string, url: URL): Response {
    const from = Number(url.searchParams.get("resourceVersion"));
    const [key, value] = (url.searchParams.get("labelSelector") ?? "").split("=");
    let watcher: Watcher;
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (type: string, object: Kept) => {
          if (key && object.metadata.labels?.[key] !== value) return;
          controller.enqueue(new TextEncoder().encode(`${JSON.stringify({ type, object })}\n`));
        };
        watcher = { path, send, end: () => controller.close() };
        this.#watchers.add(watcher);
        // what changed since the list
        for (const object of this.#selected(path, url)) {
          if (Number(object.metadata["resourceVersion"]) > from) send("MODIFIED", object);
        }
      },
      cancel: () => void this.#watchers.delete(watcher),
    });
    return new Response(stream, { headers: { "content-type": "application/json" } });
  }
}

/** Of all namespaces, or of one. */
function isBelow(path: string, list: string): boolean {
  const [, own, namespace] = PATH.exec(path)!;
  return own === list || (namespace !== undefined && own!.replace(`/namespaces/${namespace}`, "") === list);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, one]) => [key, sorted(one)]),
  );
}

function failed(code: number, message: string): Response {
  return Response.json({ kind: "Status", code, message }, { status: code });
}
