// Prometheus' operator in front of falco: its ServiceMonitor, by a definition of that kind that is only large enough for it.

import assert from "node:assert/strict";
import { inside } from "../../../scripts/cluster/host.ts";
import type { ClusterCase } from "../case.ts";
import { NAMESPACE } from "../cluster_lab.ts";

const GROUP = "monitoring.coreos.com";
const CRD = `servicemonitors.${GROUP}`;

/** What Prometheus needs of one: a schema as strict as the real one about the fields that the chart sets. */
const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: CRD },
  spec: {
    group: GROUP,
    names: { kind: "ServiceMonitor", plural: "servicemonitors", singular: "servicemonitor" },
    scope: "Namespaced",
    versions: [{
      name: "v1",
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: {
          type: "object",
          properties: {
            spec: {
              type: "object",
              required: ["endpoints", "selector"],
              properties: {
                jobLabel: { type: "string" },
                selector: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                namespaceSelector: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                endpoints: {
                  type: "array",
                  items: {
                    type: "object",
                    properties: {
                      port: { type: "string" },
                      path: { type: "string" },
                      scheme: { type: "string", enum: ["http", "https"] },
                      interval: { type: "string", pattern: "^([0-9]+(ms|s|m|h))+$" },
                      scrapeTimeout: { type: "string", pattern: "^([0-9]+(ms|s|m|h))+$" },
                      honorLabels: { type: "boolean" },
                    },
                  },
                },
              },
            },
          },
        },
      },
    }],
  },
};
const VALUES = { metrics: { enabled: true }, serviceMonitor: { create: true } };

export const MONITORING: readonly ClusterCase[] = [
  {
    name: "service-monitor",
    aim:
      "serviceMonitor.create makes one that leads to falco's metrics; without Prometheus' operator helm says what is missing",
    run: async (lab) => {
      const refusal = await lab.install(VALUES).then(() => "", String);
      assert.match(refusal, /no matches for kind "ServiceMonitor"/);
      await lab.apply(DEFINITION);
      try {
        await lab.kubectl("wait", `crd/${CRD}`, "--for=condition=Established", "--timeout=30s");
        await lab.install(VALUES);
        const monitor = JSON.parse(
          await lab.kubectl("get", "servicemonitors", "-n", NAMESPACE, "-o", "json"),
        ).items[0];
        const [{ port, path, scheme }] = monitor.spec.endpoints;
        const labels = Object.entries(monitor.spec.selector.matchLabels).map((pair) => pair.join("="));
        const services = JSON.parse(
          await lab.kubectl("get", "services", "-n", NAMESPACE, "-l", labels.join(","), "-o", "json"),
        ).items;
        assert.equal(services.length, 1, "services that it selects");
        const { spec } = services[0];
        const { port: number } = spec.ports.find(({ name }: { name: string }) => name === port);
        // a headless Service has no address: its name has the pods'
        const pod = await lab.falcosPod("{.status.podIP}");
        const address = spec.clusterIP === "None" ? `${pod}:${number}` : `${spec.clusterIP}:${number}`;
        let text = "";
        await lab.until("metrics at that place", async () => {
          ({ text } = await inside(lab.place, "curl", "-s", "-m", "5", `${scheme}://${address}${path}`));
          return /^# TYPE falcosecurity_/m.test(text);
        });
        return `${text.match(/^# TYPE/gm)!.length} metrics at ${path} of the Service ${
          services[0].metadata.name
        }`;
      } finally {
        await lab.uninstall();
        await lab.delete("crd", CRD);
      }
    },
  },
];
