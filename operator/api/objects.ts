// Objects of the API server, read and changed one at a time.
// In: a client, objects as plain data. Out: what the server has of them; undefined where there is nothing.
// Elsewhere: lists that are kept up to date (kube/reflector.ts), paths (kinds.ts).
//
// Changes are made by server-side apply: the server keeps what others have set, and knows which fields are the operator's, so
// that applying the same again changes nothing and what somebody has changed of it comes back.

import { type JsonObject, listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";
import { type ApiClient, ApiError } from "../../kube/mod.ts";
import { type Kind, KINDS, objectPath } from "./kinds.ts";

export interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface KubeObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Meta;
}

const APPLY = "application/apply-patch+yaml";
const MERGE = "application/merge-patch+json";
const NOT_FOUND = 404;

export class Objects {
  readonly #client: Pick<ApiClient, "get" | "send">;
  readonly #manager: string;
  readonly #signal: AbortSignal;

  /** @param manager whose fields they are, by the server's books */
  constructor(client: Pick<ApiClient, "get" | "send">, manager: string, signal: AbortSignal) {
    this.#client = client;
    this.#manager = manager;
    this.#signal = signal;
  }

  async get(kind: Kind, namespace: string, name: string): Promise<JsonObject | undefined> {
    return await orNothing(() =>
      this.#client.get(objectPath(kind, namespace, name), {}, "whole", this.#signal)
    );
  }

  async apply(object: KubeObject): Promise<JsonObject> {
    const query = { fieldManager: this.#manager, force: "true" };
    return objectOf(
      await this.#client.send(
        pathOf(object),
        query,
        { method: "PATCH", contentType: APPLY, body: object },
        this.#signal,
      ),
    );
  }

  async applyStatus(object: KubeObject): Promise<void> {
    const query = { fieldManager: `${this.#manager}-status`, force: "true" };
    await orNothing(() =>
      this.#client.send(
        `${pathOf(object)}/status`,
        query,
        { method: "PATCH", contentType: APPLY, body: object },
        this.#signal,
      )
    );
  }

  /** Finalizers of an object that others made. */
  async setFinalizers(
    kind: Kind,
    namespace: string,
    name: string,
    finalizers: readonly string[],
  ): Promise<void> {
    const change = { method: "PATCH", contentType: MERGE, body: { metadata: { finalizers } } } as const;
    await orNothing(() => this.#client.send(objectPath(kind, namespace, name), {}, change, this.#signal));
  }

  async remove(kind: Kind, namespace: string, name: string): Promise<boolean> {
    const body = { propagationPolicy: "Background" };
    const gone = await orNothing(() =>
      this.#client.send(objectPath(kind, namespace, name), {}, { method: "DELETE", body }, this.#signal)
    );
    return gone !== undefined;
  }
}

/** The uid, name and namespace of an object that the server has sent. */
export function metaOf(object: unknown) {
  const meta = objectAt(object, "metadata");
  return {
    name: textOf(meta["name"]),
    namespace: textOf(meta["namespace"]),
    uid: textOf(meta["uid"]),
    generation: Number(meta["generation"] ?? 0),
    isGoing: meta["deletionTimestamp"] !== undefined,
    finalizers: listOf(meta["finalizers"]).map(textOf),
    labels: objectOf(meta["labels"]) as Readonly<Record<string, string>>,
  };
}

export function ownerOf(kind: Kind, object: unknown): OwnerReference {
  const { name, uid } = metaOf(object);
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

function pathOf({ kind, metadata }: KubeObject): string {
  return objectPath(KINDS[kind as keyof typeof KINDS], metadata.namespace ?? "", metadata.name);
}

async function orNothing(job: () => Promise<unknown>): Promise<JsonObject | undefined> {
  try {
    return objectOf(await job());
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return undefined;
    throw error;
  }
}
