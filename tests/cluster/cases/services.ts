// falco's pod as a client of the cluster: a sink behind a Service, found by its name.

import assert from "node:assert/strict";
import type { ClusterCase } from "../case.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const SINK = "sink";
const PORT = 8080;
/** Answers each request, and keeps what it was sent. */
const LISTEN =
  `while true; do printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n' | ` +
  `nc -l -p ${PORT} -w 2 >>/tmp/got; done`;

export const SERVICES_CASES: readonly ClusterCase[] = [
  {
    name: "sink-by-name",
    aim: "alerts reach an HTTP sink by the name of its Service, which the cluster's DNS resolves",
    run: async (lab) => {
      await lab.apply(
        pod({ name: SINK, labels: { app: SINK }, command: ["sh", "-c", LISTEN] }),
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: SINK, namespace: "default" },
          spec: { selector: { app: SINK }, ports: [{ port: 80, targetPort: PORT }] },
        },
      );
      await lab.kubectl("wait", `pod/${SINK}`, "--for=condition=Ready", "--timeout=60s");
      try {
        await lab.install({
          falco: {
            json_output: true,
            http_output: { enabled: true, url: `http://${SINK}.default.svc.cluster.local/alerts` },
          },
          customRules: { "programs.yaml": PROGRAM_RULES },
        });
        await lab.apply(pod({ name: "source" }));
        await lab.until("an alert in the sink", async () => {
          const { text } = await lab.tryKubectl("exec", SINK, "--", "cat", "/tmp/got");
          return text.includes(PROGRAM_RULE) && text.includes("POST /alerts");
        });
        assert.equal((await lab.health()).status, "ok");
      } finally {
        await lab.delete("service", SINK);
      }
      return "the sink has alerts";
    },
  },
];
