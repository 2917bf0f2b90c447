// The token with which falco asks the API server: taken back, and replaced by the kubelet in the running pod.
//
// The kubelet's own tokens live for ten minutes at least. One that is bound to a Secret ends with it, at once.

import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const HELD = "token";
const FOLDER = "/etc/falco-token";
const VALUES = {
  falco: {
    json_output: true,
    metadata: { kubernetes: { enabled: true, token_file: `${FOLDER}/token` } },
  },
  collectors: { kubernetes: { enabled: true } },
  customRules: { "programs.yaml": PROGRAM_RULES },
  mounts: {
    volumes: [{ name: HELD, secret: { secretName: HELD } }],
    volumeMounts: [{ name: HELD, mountPath: FOLDER, readOnly: true }],
  },
};

export const TOKENS: readonly ClusterCase[] = [
  {
    name: "tokens",
    aim:
      "a token that has become invalid is told, and what is known stays; a new one in the same file counts without a restart",
    run: async (lab) => {
      await lab.tryKubectl("create", "namespace", NAMESPACE);
      await lab.tryKubectl("create", "serviceaccount", "asks", "-n", NAMESPACE);
      try {
        await hand(lab, await bound(lab, "first"));
        await lab.install(VALUES);
        // the account of the token is not that of the pod
        await lab.kubectl(
          "create",
          "clusterrolebinding",
          "asks",
          "--clusterrole=falco",
          `--serviceaccount=${NAMESPACE}:asks`,
        );
        await lab.until("k8smeta of a pod", () => isKnown(lab, "before"));
        const restarts = await lab.falcosPod("{.status.containerStatuses[0].restartCount}");

        await lab.kubectl("delete", "secret", "first", "-n", NAMESPACE);
        // watches that are open go on with the token that they began with
        await lab.restart("apiserver", 1000);
        await lab.until(
          "it answers",
          async () => (await lab.tryKubectl("get", "--raw", "/readyz")).code === 0,
        );
        const refused = /kubernetes: .*cannot be read.*401/;
        await lab.until(
          "a line in the log",
          async () => (await lab.log()).some((line) => refused.test(line)),
        );
        assert.ok(await isKnown(lab, "before"), "what was known");

        await hand(lab, await bound(lab, "second"));
        const ms = await lab.until("k8smeta of a new pod", () => isKnown(lab, "after"));
        assert.equal(await lab.falcosPod("{.status.containerStatuses[0].restartCount}"), restarts);
        return `told with status 401, known pods stay known; ${
          (ms / 1000).toFixed(0)
        } s after the new token all is as before`;
      } finally {
        await lab.delete("secret", HELD, "first", "second", "-n", NAMESPACE);
        await lab.delete("clusterrolebinding", "asks");
        await lab.delete("serviceaccount", "asks", "-n", NAMESPACE);
      }
    },
  },
];

/** A token that ends with the Secret of this name. */
async function bound(lab: ClusterLab, name: string): Promise<string> {
  await lab.kubectl("create", "secret", "generic", name, "-n", NAMESPACE);
  const object = ["--bound-object-kind=Secret", `--bound-object-name=${name}`];
  return (await lab.kubectl("create", "token", "asks", "-n", NAMESPACE, ...object)).trim();
}

async function hand(lab: ClusterLab, token: string): Promise<void> {
  const object = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: HELD, namespace: NAMESPACE },
    stringData: { token },
  };
  await lab.withFile(stringify(object), (file) => lab.kubectl("apply", "-f", file));
}

/** Whether a program of this pod is told with what only the API server knows. */
async function isKnown(lab: ClusterLab, name: string): Promise<boolean> {
  if ((await lab.tryKubectl("get", "pod", name)).code !== 0) await lab.apply(pod({ name }));
  await lab.tryKubectl("exec", name, "--", "id");
  return (await lab.alerts(PROGRAM_RULE)).filter(({ output_fields: fields }) =>
    fields["k8s.pod.name"] === name
  ).at(-1)?.output_fields["k8smeta.pod.name"] === name;
}
