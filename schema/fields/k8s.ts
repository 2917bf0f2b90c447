// Fields of the Kubernetes pod in which the event happened, from the labels that the container engine knows.
// Falco lists them with those of the container.

import { parseFields } from "./parse.ts";

const GONE = [
  ["k8s.rc", "replication controller"],
  ["k8s.svc", "service"],
  ["k8s.rs", "replica set"],
  ["k8s.deployment", "deployment"],
] as const;

const goneLines = GONE.map(([stem, what]) =>
  `${stem}.name | str deprecated | Name of the pod's ${what}. Has no value any more.
${stem}.id | str deprecated | Id of the pod's ${what}. Has no value any more.
${stem}.label | str deprecated arg!name | Value of one label of the pod's ${what}. Has no value any more.
${stem}.labels | str deprecated | All labels of the pod's ${what}. Has no value any more.`
).join("\n");

export const K8S_FIELDS = /* @__PURE__ */ parseFields(
  "container",
  `
k8s.pod.name | str fn | Name of the pod. | web-7c5ddbdf54-x2x8p
k8s.ns.name | str fn | Namespace of the pod. | default
k8s.pod.id | str fn | Id of the pod; k8s.pod.uid under its old name.
k8s.pod.uid | str fn | Id of the pod in the Kubernetes API. | 0d5a7a39-9a0b-4f5e-8a52-6f2d1c1e7f10
k8s.pod.sandbox_id | str fn | First 12 characters of the id of the pod's sandbox.
k8s.pod.full_sandbox_id | str fn | Whole id of the pod's sandbox.
k8s.pod.label | str arg!name fn | Value of one label of the pod: k8s.pod.label[app].
k8s.pod.labels | str c3 fn | All labels of the pod as key:value, joined by a comma and a blank.
k8s.pod.ip | str fn | Address of the pod. | 10.244.1.17
k8s.pod.cni.json | str fn | What the network plugin returned for the pod, as JSON.
k8s.ns.id | str deprecated | Id of the namespace. Has no value any more.
k8s.ns.label | str deprecated arg!name | Value of one label of the namespace. Has no value any more.
k8s.ns.labels | str deprecated | All labels of the namespace. Has no value any more.
${goneLines}
`,
);
