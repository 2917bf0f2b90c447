// What the keys of event sources besides system calls change: which inputs run, and of which sources.

import { deepEqual } from "node:assert/strict";
import { planSources } from "../../config/json_sources.ts";
import { kubernetesConfig } from "../../config/kubernetes.ts";
import { load } from "./loading.ts";

function planOf(text: string) {
  const { settings, problems } = load(text);
  deepEqual(problems, []);
  const { sources, problems: found } = planSources(settings, false);
  deepEqual(found, []);
  return {
    names: sources.names,
    inputs: sources.inputs.map(({ source, format, input }) => ({ source, format, input })),
  };
}

Deno.test("observed: without k8s_audit_endpoint and sources there are only system calls", () => {
  deepEqual(planOf("json_output: true\n"), { names: ["syscall"], inputs: [] });
});

Deno.test("observed: k8s_audit_endpoint is where audit events are received", () => {
  const { names, inputs } = planOf("k8s_audit_endpoint: http://127.0.0.1:9765/k8s-audit\n");
  deepEqual(names, ["syscall", "k8s_audit"]);
  const [{ source, format, input }] = inputs as [typeof inputs[number]];
  deepEqual([source, format, input.kind], ["k8s_audit", "k8s_audit", "http"]);
  deepEqual(input.kind === "http" && [input.host, input.port, input.path], [
    "127.0.0.1",
    9765,
    "/k8s-audit",
  ]);
});

Deno.test("observed: entries of sources are sources with a name and an input of their own", () => {
  const { names, inputs } = planOf(
    "sources:\n  - {name: app, input: file, path: /var/log/app.json}\n" +
      "  - {name: web, input: tail, path: /var/log/web.json, from: start}\n",
  );
  deepEqual(names, ["syscall", "app", "web"]);
  deepEqual(inputs, [
    { source: "app", format: "json", input: { kind: "file", path: "/var/log/app.json" } },
    { source: "web", format: "json", input: { kind: "tail", path: "/var/log/web.json", fromStart: true } },
  ]);
});

Deno.test("observed: metadata.kubernetes.* come before what the environment of a pod says", () => {
  const { settings } = load(
    "metadata: {kubernetes: {enabled: true, url: 'https://api:6443', node_name: n1, token_file: /t, ca_file: /c}}\n",
  );
  const environment: Readonly<Record<string, string>> = {
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
    FALCO_K8S_NODE_NAME: "other",
  };
  const config = kubernetesConfig(settings, (name) => environment[name], () => "host");
  deepEqual(config, { url: "https://api:6443", nodeName: "n1", tokenFile: "/t", caFile: "/c" });
});
