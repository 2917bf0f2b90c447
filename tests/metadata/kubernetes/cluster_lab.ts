// A view of a small cluster, kept by a fake API server: the records it gives out, and what they amount to.

import { ApiClient } from "../../../kube/api_client.ts";
import { ClusterView } from "../../../metadata/kubernetes/cluster_view.ts";
import { FakeApi, type KubeJson } from "./fake_api.ts";

export const POD_UID = "0d5a7a39-9a0b-4f5e-8a52-6f2d1c1e7f10";
/** Only what hangs takes so long. */
const HANG_MS = 30_000;

export const PATHS = {
  pods: "/api/v1/pods",
  namespaces: "/api/v1/namespaces",
  services: "/api/v1/services",
  replicaSets: "/apis/apps/v1/replicasets",
  deployments: "/apis/apps/v1/deployments",
} as const;

export function pod(
  name: string,
  uid: string,
  changes: Partial<KubeJson["metadata"]> = {},
  node = "node-1",
): KubeJson {
  return {
    metadata: {
      name,
      uid,
      namespace: "shop",
      labels: { app: "web", tier: "front" },
      ownerReferences: [{ kind: "ReplicaSet", name: "web-7c", uid: "rs-1", controller: true }],
      ...changes,
    },
    spec: { nodeName: node },
    status: { podIP: "10.1.2.3" },
  };
}

/** A deployment's pod with everything around it. */
export function populate(api: FakeApi): void {
  api.put(PATHS.namespaces, { metadata: { name: "shop", uid: "ns-1", labels: { team: "a" } } });
  api.put(PATHS.deployments, {
    metadata: { name: "web", uid: "dep-1", namespace: "shop", labels: { app: "web" } },
  });
  api.put(PATHS.replicaSets, {
    metadata: {
      name: "web-7c",
      uid: "rs-1",
      namespace: "shop",
      labels: { hash: "7c" },
      ownerReferences: [{ kind: "Deployment", name: "web", uid: "dep-1", controller: true }],
    },
  });
  for (
    const [name, uid, selector] of [["web", "svc-1", { app: "web" }], ["all", "svc-2", { tier: "front" }], [
      "other",
      "svc-3",
      { app: "db" },
    ], ["none", "svc-4", undefined]] as const
  ) {
    api.put(PATHS.services, {
      metadata: { name, uid, namespace: "shop", labels: { of: name } },
      spec: selector === undefined ? {} : { selector },
    });
  }
  api.put(PATHS.pods, pod("web-7c-x2", POD_UID));
  api.put(PATHS.pods, pod("elsewhere", "99999999-9a0b-4f5e-8a52-6f2d1c1e7f10", {}, "node-2"));
}

interface Record {
  readonly reason: string;
  readonly kind: string;
  readonly uid: string;
  readonly meta?: string;
  readonly status?: string;
  readonly refs?: { readonly resources: Readonly<{ [kind: string]: { readonly list: readonly string[] } }> };
}

export class ClusterLab {
  readonly api = new FakeApi();
  readonly records: string[] = [];
  readonly log: string[] = [];
  readonly tokenFile: string;
  readonly #client: ApiClient;
  readonly view: ClusterView;

  constructor(options: { readonly caFile?: string; readonly token?: string } = {}) {
    this.tokenFile = Deno.makeTempFileSync();
    if (options.token !== undefined) Deno.writeTextFileSync(this.tokenFile, options.token);
    this.#client = new ApiClient({
      url: this.api.url,
      tokenFile: options.token === undefined ? "" : this.tokenFile,
      caFile: options.caFile ?? "",
    });
    this.view = new ClusterView({
      client: this.#client,
      nodeName: "node-1",
      onRecord: (json) => this.records.push(json),
      log: (level, message) => this.log.push(`${level} ${message.replaceAll(this.api.url, "API")}`),
      timing: {
        firstPauseMs: 20,
        longestPauseMs: 80,
        watchSeconds: 60,
        graceMs: 100,
        retryMs: 20,
        warmUpMs: 60_000,
      },
    });
  }

  /** What all records up to now amount to: by uid, name and references. */
  known(): Map<string, Record & { readonly name: string }> {
    const known = new Map<string, Record & { readonly name: string }>();
    for (const json of this.records) {
      const record = JSON.parse(json) as Record;
      if (record.reason === "Delete") known.delete(record.uid);
      else known.set(record.uid, { ...record, name: JSON.parse(record.meta!).name });
    }
    return known;
  }

  names(): string[] {
    return [...this.known().values()].map(({ kind, name }) => `${kind} ${name}`).sort();
  }

  async until(done: () => boolean, what: string): Promise<void> {
    const endMs = performance.now() + HANG_MS;
    while (!done()) {
      if (performance.now() > endMs) {
        throw new Error(
          `never came: ${what}\n${this.log.join("\n")}\n${this.names()}\n${
            this.records.slice(-5).join("\n")
          }`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    this.view.close();
    this.#client.close();
    await this.api.close();
    await Deno.remove(this.tokenFile);
  }
}
