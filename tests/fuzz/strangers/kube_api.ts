// An API server of Kubernetes that went mad, or somebody in its place: lists, pages, and watches that stay open.

import { EndlessLines, HostileServer } from "../hostile_server.ts";
import { hostileText } from "../hostile_text.ts";
import type { Stranger } from "../stranger.ts";

const TYPES = ["ADDED", "ADDED", "MODIFIED", "MODIFIED", "DELETED", "BOOKMARK"];

export default {
  name: "Kubernetes API",
  prepare({ random }) {
    let version = 1;
    const object = (kind: string) => ({
      kind,
      metadata: {
        name: random.chance(0.8) ? `n-${random.below(1000)}` : hostileText(random).slice(0, 1000),
        namespace: "shop",
        uid: random.hex(random.pick([2, 32])),
        resourceVersion: String(version++),
        labels: { app: random.chance(0.9) ? "web" : hostileText(random).slice(0, 100_000) },
        ownerReferences: [{ kind: "ReplicaSet", name: "web", uid: random.hex(2), controller: true }],
      },
      spec: { nodeName: "node-1", selector: { app: "web" } },
      status: { podIP: "10.1.2.3" },
    });
    const server = new HostileServer({ hostname: "127.0.0.1", port: 0 }, random, (asked) => {
      const kind = /\/(\w+?)s?(?:\?|$)/.exec(asked)?.[1] ?? "pod";
      if (asked.includes("watch=")) {
        return new EndlessLines(() => ({
          type: random.chance(0.99) ? random.pick(TYPES) : random.pick(["ERROR", "X"]),
          object: object(kind),
        }));
      }
      return {
        kind: "List",
        metadata: { resourceVersion: String(version), continue: random.chance(0.2) ? "more" : "" },
        items: Array.from({ length: random.pick([0, 5, 100, 500]) }, () => object(kind)),
      };
    });
    return {
      settings: { kubernetesUrl: `http://127.0.0.1:${server.port}` },
      start: () => {},
      counts: () => server.counts,
      stop: () => server.stop(),
    };
  },
} satisfies Stranger;
