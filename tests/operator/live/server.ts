// A real API server as the proof of the operator uses it: an administrator's requests, steps with a line each, things awaited.
// In: an address, a token, a certificate. Out: objects, lines on standard output.
// Elsewhere: the steps (main.ts, sources_steps.ts, takeover_steps.ts).

import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { ApiClient, ApiError } from "../../../kube/mod.ts";

export type Json = Record<string, unknown>;
export type KubeObject = Json & {
  kind: string;
  apiVersion: string;
  metadata: { name: string; namespace?: string; labels?: Json; finalizers?: string[] };
};
export type Found = KubeObject & { status?: Json; spec?: Json };

const OF_CLUSTER = ["Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding", "Node"];
const IRREGULAR: Readonly<Record<string, string>> = { ConfigMap: "configmaps" };
const forever = new AbortController().signal;

export class Server {
  readonly admin: ApiClient;
  readonly #place: { readonly url: string; readonly caFile: string };
  readonly #folder: string;
  failures = 0;

  /** @param folder for tokens */
  constructor(url: string, tokenFile: string, caFile: string, folder: string) {
    this.#place = { url, caFile };
    this.#folder = folder;
    this.admin = new ApiClient({ url, tokenFile, caFile });
  }

  step(name: string, isGood: boolean, detail = ""): void {
    if (!isGood) this.failures++;
    console.log(`${isGood ? "ok  " : "FAIL"} ${name}${detail === "" ? "" : `: ${detail}`}`);
  }

  async apply(object: KubeObject): Promise<void> {
    const change = { method: "PATCH", contentType: "application/apply-patch+yaml", body: object } as const;
    for (let attempt = 0;; attempt++) {
      try {
        await this.admin.send(pathOf(object), { fieldManager: "user", force: "true" }, change, forever);
        return;
      } catch (error) {
        // a kind that has just been defined is not served at once
        if (!(error instanceof ApiError && error.status === 404) || attempt === 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  async applyFile(text: string): Promise<number> {
    const objects = parseAllDocuments(text).map((one) => one.toJS() as KubeObject | null).filter((one) =>
      one !== null
    );
    for (const object of objects) await this.apply(object);
    return objects.length;
  }

  async get(path: string): Promise<Found | undefined> {
    try {
      return await this.admin.get(path, {}, "whole", forever) as Found;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async patch(path: string, body: Json): Promise<void> {
    const change = { method: "PATCH", contentType: "application/merge-patch+json", body } as const;
    await this.admin.send(path, {}, change, forever);
  }

  async remove(path: string): Promise<void> {
    await this.admin.send(path, {}, { method: "DELETE", body: {} }, forever);
  }

  /** A step that fails when it is not so in time; what `look` has found, or undefined. */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T | undefined> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    this.step(what, false, "not within 40 s");
    return undefined;
  }

  /** A client with the rights of an account, as a pod has them. */
  async clientOf(namespace: string, account: string): Promise<{ client: ApiClient; file: string }> {
    const body = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    };
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const answer = await this.admin.send(path, {}, { method: "POST", body }, forever) as {
      status: { token: string };
    };
    const file = join(this.#folder, `${account}.token`);
    await Deno.writeTextFile(file, answer.status.token);
    return { client: new ApiClient({ ...this.#place, tokenFile: file }), file };
  }
}

function pathOf({ kind, apiVersion, metadata: { name, namespace } }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const within = OF_CLUSTER.includes(kind) ? "" : `/namespaces/${namespace ?? "default"}`;
  return `${group}${within}/${IRREGULAR[kind] ?? `${kind.toLowerCase()}s`}/${name}`;
}

export const condition = (object: { status?: Json } | undefined, type: string) =>
  ((object?.status?.["conditions"] ?? []) as Json[]).find((one) => one["type"] === type);
