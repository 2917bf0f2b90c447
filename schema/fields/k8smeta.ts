// Fields of the Kubernetes pod in which the event happened, as the API server has it: of the pod, its namespace, its
// owners and its services. Falco has them from its plugin k8smeta; what they need is in docs/kubernetes-metadata.md.

import { parseFields } from "./parse.ts";

const OWNERS = [
  ["ns", "namespace"],
  ["deployment", "deployment"],
  ["rs", "replica set"],
  ["rc", "replication controller"],
] as const;

const ownerLines = OWNERS.map(([word, what]) =>
  `k8smeta.${word}.name | str fn c2 | Name of the pod's ${what}.
k8smeta.${word}.uid | str fn c2 | Id of the pod's ${what} in the Kubernetes API.
k8smeta.${word}.label | str arg!name fn c2 | Value of one label of the pod's ${what}: k8smeta.${word}.label[app].
k8smeta.${word}.labels | str list fn c3 | All labels of the pod's ${what}, each as key:value.`
).join("\n");

export const K8SMETA_FIELDS = /* @__PURE__ */ parseFields(
  "k8smeta",
  `
k8smeta.pod.name | str fn c2 | Name of the pod. | web-7c5ddbdf54-x2x8p
k8smeta.pod.uid | str fn c2 | Id of the pod in the Kubernetes API. | 0d5a7a39-9a0b-4f5e-8a52-6f2d1c1e7f10
k8smeta.pod.label | str arg!name fn c2 | Value of one label of the pod: k8smeta.pod.label[app].
k8smeta.pod.labels | str list fn c3 | All labels of the pod, each as key:value. | (app:web,tier:front)
k8smeta.pod.ip | str fn c2 | Address of the pod. | 10.244.1.17
${ownerLines}
k8smeta.svc.name | str list fn c3 | Names of all services that choose the pod. | (web,web-internal)
k8smeta.svc.uid | str list fn c3 | Ids of all services that choose the pod.
k8smeta.svc.label | str list arg!name fn c3 | Values of one label of all services that choose the pod.
k8smeta.svc.labels | str list fn c3 | All labels of all services that choose the pod, each as key:value.
`,
);
