// An API server of Kubernetes that went mad, or somebody in its place.

import { HostileServer } from "../hostile_server.ts";
import type { Stranger } from "../stranger.ts";
import { hostileText } from "../hostile_text.ts";

export default {
  name: "Kubernetes API",
  prepare({ random }) {
    const chance = random.fork("kube");
    const object = (kind: string) => ({
      kind,
      metadata: {
        name: chance.chance(0.8) ? `n-${chance.below(1000)}` : hostileText(chance).slice(0, 1000),
        namespace: "shop",
        uid: chance.hex(32),
        resourceVersion: "7",
        labels: { app: "web" },
        ownerReferences: [{ kind: "ReplicaSet", name: "web", uid: chance.hex(32), controller: true }],
      },
      spec: { nodeName: "node-1", selector: { app: "web" } },
      status: { podIP: "10.1.2.3" },
    });
    const server = new HostileServer({ hostname: "127.0.0.1", port: 0 }, chance, (asked) => {
      if (asked.includes("watch=")) {
        return {
          type: chance.pick(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR", "X"]),
          object: object("Pod"),
        };
      }
      return {
        kind: "List",
        metadata: { resourceVersion: "7", continue: chance.chance(0.5) ? "more" : "" },
        items: Array.from({ length: chance.pick([0, 5, 500]) }, () => object("Pod")),
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
