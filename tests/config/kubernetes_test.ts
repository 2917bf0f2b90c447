// Where the API server of Kubernetes is: settings, Falco's plugin k8smeta, and what a pod's environment says.

import assert from "node:assert/strict";
import { kubernetesConfig } from "../../config/kubernetes.ts";
import { defaultSettings, type Settings } from "../../config/settings.ts";

const IN_POD: Readonly<Record<string, string>> = {
  KUBERNETES_SERVICE_HOST: "10.0.0.1",
  KUBERNETES_SERVICE_PORT: "6443",
  FALCO_K8S_NODE_NAME: "node-1",
};

function configOf(changes: Partial<Settings>, env: Readonly<Record<string, string>> = IN_POD) {
  return kubernetesConfig({ ...defaultSettings(), ...changes }, (name) => env[name], () => "Host-7");
}

Deno.test("kubernetes is asked only when the settings say so", () => {
  assert.equal(configOf({}), undefined);
  assert.deepEqual(configOf({ "metadata.kubernetes.enabled": true }), {
    url: "https://10.0.0.1:6443",
    nodeName: "node-1",
    tokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
    caFile: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
  });
});

Deno.test("Falco's plugin k8smeta names the node, also by a variable", () => {
  const plugin = (init_config: Settings["plugins"][number]["init_config"]): Partial<Settings> => ({
    load_plugins: ["k8smeta"],
    plugins: [{
      name: "k8smeta",
      library_path: "libk8smeta.so",
      ...init_config === undefined ? {} : { init_config },
    }],
  });
  const nodeOf = (changes: Partial<Settings>, env = IN_POD) => {
    const config = configOf(changes, env);
    assert.ok(config !== undefined && "nodeName" in config);
    return config.nodeName;
  };
  assert.equal(nodeOf(plugin({ collectorHostname: "x", collectorPort: 45000, nodeName: "other" })), "other");
  assert.equal(nodeOf(plugin('{"nodeName": "${FALCO_K8S_NODE_NAME}"}')), "node-1");
  assert.equal(nodeOf(plugin(undefined)), "node-1");
  assert.equal(nodeOf(plugin({}), { KUBERNETES_SERVICE_HOST: "fd00::1" }), "host-7");
  assert.deepEqual(configOf({ ...plugin({}), load_plugins: [] }), undefined);
});

Deno.test("outside of a pod the address has to be set, and has to be one", () => {
  const enabled = { "metadata.kubernetes.enabled": true };
  const problemOf = (changes: Partial<Settings>) => {
    const config = configOf({ ...enabled, ...changes }, {});
    return config !== undefined && "problem" in config ? config.problem : "";
  };
  assert.match(problemOf({}), /no KUBERNETES_SERVICE_HOST.*metadata\.kubernetes\.url is empty/);
  assert.match(problemOf({ "metadata.kubernetes.url": "node-1:6443" }), /is no address such as/);
  assert.equal(problemOf({ "metadata.kubernetes.url": "https://node-1:6443" }), "");
});
