// Replica sets, deployments and replication controllers that pods of this node belong to.
// In: which ones are needed. Out: their facts, a callback when they have come or changed.
// Elsewhere: pods, namespaces and services, which are watched (cluster_view.ts).
//
// These are asked for one by one. A watch would bring those of the whole cluster to each of its nodes.

import { type ApiClient, ApiError, RetryPace, USUAL_TIMING } from "../../kube/mod.ts";
import { factsOf, type KubeFacts, type Owner } from "./kube_facts.ts";

export type OwnerKind = "ReplicaSet" | "Deployment" | "ReplicationController";

export interface OwnerLookupOptions {
  readonly client: ApiClient;
  readonly onChange: () => void;
  readonly onTrouble: (trouble: string | undefined) => void;
  readonly timing?: { readonly refreshMs?: number; readonly retryMs?: number; readonly warmUpMs?: number };
}

interface Entry {
  readonly kind: OwnerKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** nothing until the first answer; then at least what the reference says */
  facts: KubeFacts | undefined;
  /** performance.now() at which it is asked for again */
  askAtMs: number;
  isAsking: boolean;
}

const PATHS: Readonly<Record<OwnerKind, readonly [group: string, resource: string]>> = {
  ReplicaSet: ["/apis/apps/v1", "replicasets"],
  Deployment: ["/apis/apps/v1", "deployments"],
  ReplicationController: ["/api/v1", "replicationcontrollers"],
};
const REFRESH_MS = 300_000;
/** After a refusal; a server that is away is asked again as RetryPace says. */
const RETRY_MS = 60_000;
/** What comes later is asked for when the view is looked through (cluster_view.ts). */
const AGAIN_BY_ITSELF_MS = 10_000;
const LATEST = 1.2;
const MAX_REQUESTS = 4;
const NOT_FOUND = 404;

export function isOwnerKind(kind: string): kind is OwnerKind {
  return Object.hasOwn(PATHS, kind);
}

export class OwnerLookup {
  readonly #options: OwnerLookupOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #stop = new AbortController();
  #requests = 0;
  #trouble: string | undefined;
  readonly #pace: RetryPace;
  #again: ReturnType<typeof setTimeout> | undefined;
  asked = 0;
  failed = 0;

  constructor(options: OwnerLookupOptions) {
    this.#options = options;
    const { retryMs = RETRY_MS, warmUpMs = USUAL_TIMING.warmUpMs } = options.timing ?? {};
    const firstPauseMs = Math.min(retryMs, USUAL_TIMING.firstPauseMs);
    this.#pace = new RetryPace({ firstPauseMs, longestPauseMs: retryMs, warmUpMs });
  }

  /** What is known of an owner: its name and uid at least. Asks for the rest. */
  find(owner: Owner, namespace: string): KubeFacts {
    let entry = this.#entries.get(owner.uid);
    if (entry === undefined) {
      const { kind, name, uid } = owner;
      entry = {
        kind: kind as OwnerKind,
        namespace,
        name,
        uid,
        facts: undefined,
        askAtMs: 0,
        isAsking: false,
      };
      this.#entries.set(uid, entry);
      this.#work();
    }
    return entry.facts ?? bare(entry);
  }

  /** Forgets all others, and asks again for those that are old. */
  keep(uids: ReadonlySet<string>): void {
    for (const uid of this.#entries.keys()) if (!uids.has(uid)) this.#entries.delete(uid);
    this.#work();
  }

  close(): void {
    clearTimeout(this.#again);
    this.#stop.abort();
    this.#entries.clear();
  }

  #work(): void {
    const nowMs = performance.now();
    for (const entry of this.#entries.values()) {
      if (this.#requests >= MAX_REQUESTS) return;
      if (!entry.isAsking && entry.askAtMs <= nowMs) this.#ask(entry);
    }
  }

  async #ask(entry: Entry): Promise<void> {
    const { refreshMs = REFRESH_MS } = this.#options.timing ?? {};
    entry.isAsking = true;
    this.#requests++;
    this.asked++;
    let nextMs = refreshMs;
    try {
      const found = await this.#get(entry);
      if (this.#stop.signal.aborted) return;
      const isNew = JSON.stringify(found) !== JSON.stringify(entry.facts);
      entry.facts = found;
      this.#pace.worked();
      this.#say(undefined);
      if (isNew) this.#options.onChange();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.failed++;
      const { waitMs, trouble } = this.#pace.failed(error);
      nextMs = waitMs;
      if (trouble !== undefined) this.#say(trouble);
    } finally {
      entry.isAsking = false;
      entry.askAtMs = performance.now() + nextMs * (0.8 + Math.random() * 0.4);
      this.#askAgainAfter(nextMs);
      this.#requests--;
    }
    this.#work();
  }

  /** Nobody else may ask for anything until then. */
  #askAgainAfter(ms: number): void {
    if (ms > AGAIN_BY_ITSELF_MS || this.#stop.signal.aborted) return;
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#work(), ms * LATEST);
  }

  async #get(entry: Entry): Promise<KubeFacts> {
    const [group, resource] = PATHS[entry.kind];
    const path = `${group}/namespaces/${encodeURIComponent(entry.namespace)}/${resource}/${
      encodeURIComponent(entry.name)
    }`;
    try {
      const object = await this.#options.client.get(path, {}, "metadata", this.#stop.signal);
      const facts = factsOf(entry.kind, object);
      // another one of the same name
      return facts?.uid === entry.uid ? facts : bare(entry);
    } catch (error) {
      if (error instanceof ApiError && error.status === NOT_FOUND) return bare(entry);
      throw error;
    }
  }

  #say(trouble: string | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    this.#options.onTrouble(trouble);
  }
}

function bare({ kind, uid, name, namespace }: Entry): KubeFacts {
  return { kind, uid, name, namespace, labels: {}, ip: "", controller: undefined, selector: undefined };
}
