// Objects of the API server, read and changed one at a time.
// In: a client, objects as plain data. Out: what the server has of them; undefined where there is nothing.
// Elsewhere: lists that are kept up to date (kube/reflector.ts), paths (kinds.ts).
//
// Changes are made by server-side apply: the server keeps what others have set, and knows which fields are the operator's, so
// that applying the same again changes nothing and what somebody has changed of it comes back.

import { type JsonObject, listOf, objectAt, objectOf, textOf } from "../../base/mod.ts";
import { type ApiClient, ApiError, type Query } from "../../kube/mod.ts";
import { type Kind, KINDS, listPath, objectPath } from "./kinds.ts";

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
const PAGE = 500;
const MAX_LISTED = 65_536;

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

  /**
   * Finalizers of an object that others made. Taken from what the server has now, and refused by it when somebody is faster:
   * applying cannot take away what another manager has put there.
   * @returns whether there is such an object
   */
  async changeFinalizers(
    kind: Kind,
    namespace: string,
    name: string,
    change: (finalizers: readonly string[], isGoing: boolean) => readonly string[],
  ): Promise<boolean> {
    const path = objectPath(kind, namespace, name);
    const found = await orNothing(() => this.#client.get(path, {}, "metadata", this.#signal));
    if (found === undefined) return false;
    const { finalizers: before, isGoing } = metaOf(found);
    const finalizers = change(before, isGoing);
    if (finalizers.length === before.length && finalizers.every((one) => before.includes(one))) return true;
    const resourceVersion = textOf(objectAt(found, "metadata")["resourceVersion"]);
    const body = { metadata: { finalizers, resourceVersion } };
    await orNothing(() =>
      this.#client.send(path, {}, { method: "PATCH", contentType: MERGE, body }, this.#signal)
    );
    return true;
  }

  /** All that there are in the namespace ("" for all of them), without what is in them. */
  async list(kind: Kind, namespace: string, query: Query = {}): Promise<readonly unknown[]> {
    const all: unknown[] = [];
    let next = "";
    do {
      const more = next === "" ? {} : { continue: next };
      const asked = { ...query, limit: String(PAGE), ...more };
      const page = await this.#client.get(
        listPath(kind, namespace),
        asked,
        "metadata list",
        this.#signal,
      );
      all.push(...listOf(objectOf(page)["items"]));
      next = textOf(objectAt(page, "metadata")["continue"]);
    } while (next !== "" && all.length < MAX_LISTED);
    return all;
  }

  /** Without a name of its own: the server gives it one. */
  async create(object: KubeObject): Promise<void> {
    const path = listPath(KINDS[object.kind as keyof typeof KINDS], object.metadata.namespace ?? "");
    await this.#client.send(path, {}, { method: "POST", body: object }, this.#signal);
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
    /** their uids */
    owners: listOf(meta["ownerReferences"]).map((one) => textOf(objectOf(one)["uid"])),
    labels: objectOf(meta["labels"]) as Readonly<Record<string, string>>,
  };
}

/** What has this owner goes with it. */
export function ownerOf(kind: Kind, object: unknown): OwnerReference {
  const { name, uid } = metaOf(object);
  return { apiVersion: kind.apiVersion, kind: kind.kind, name, uid, controller: true };
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
