// Requests to a real API server, and which rules each of them is reported by.
// In: the cluster. Out: requests in an order in which each finds what it needs.
// Elsewhere: who waits for the alerts (audit.ts).

import { inside } from "../../../scripts/cluster/host.ts";
import { BUSYBOX, TOOLS } from "../../../scripts/cluster/images.ts";
import { NODE } from "../../../scripts/cluster/place.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { configMap, pod } from "../objects.ts";

export interface AuditRequest {
  readonly what: string;
  readonly rules: readonly string[];
  readonly ask: (lab: ClusterLab) => Promise<unknown>;
}

export const AUDITED = "audited";
const KEYS = "audited-keys";
const STRANGER = { apiVersion: "v1", kind: "Node", metadata: { name: "stranger" } };

/** kubectl with these words, whose answer has to be good. */
const good = (words: string) => (lab: ClusterLab) => lab.kubectl(...words.split(" "));
/** Whatever the answer is. */
const any = (words: string) => (lab: ClusterLab) => lab.tryKubectl(...words.split(" "));
const here = `-n ${AUDITED}`;

export const REQUESTS: readonly AuditRequest[] = [
  {
    what: `create namespace ${AUDITED}`,
    rules: ["K8s Namespace Created", "Create Disallowed Namespace"],
    ask: good(`create namespace ${AUDITED}`),
  },
  {
    what: "apply a ConfigMap with an access key",
    rules: ["K8s ConfigMap Created", "Create/Modify Configmap With Private Credentials"],
    ask: (lab) => lab.apply(configMap(KEYS, AUDITED, { aws: "aws_access_key_id=AKIA" })),
  },
  { what: "delete it", rules: ["K8s ConfigMap Deleted"], ask: good(`delete ${here} configmap ${KEYS}`) },
  {
    what: "create service nodeport",
    rules: ["K8s Service Created", "Create NodePort Service"],
    ask: good(`create ${here} service nodeport front --tcp=80:80`),
  },
  { what: "delete it", rules: ["K8s Service Deleted"], ask: good(`delete ${here} service front`) },
  {
    what: "create serviceaccount",
    rules: ["K8s Serviceaccount Created"],
    ask: good(`create ${here} serviceaccount robot`),
  },
  {
    what: "delete it",
    rules: ["K8s Serviceaccount Deleted"],
    ask: good(`delete ${here} serviceaccount robot`),
  },
  {
    what: "create serviceaccount in kube-system",
    rules: ["Service Account Created in Kube Namespace"],
    ask: good("create -n kube-system serviceaccount audited-robot"),
  },
  {
    what: "create role with pods/exec",
    rules: ["K8s Role Created", "ClusterRole With Pod Exec Created"],
    ask: good(`create ${here} role exec --verb=get --resource=pods/exec`),
  },
  {
    what: "create rolebinding",
    rules: ["K8s RoleBinding Created"],
    ask: good(`create ${here} rolebinding exec --role=exec --user=somebody`),
  },
  { what: "delete it", rules: ["K8s RoleBinding Deleted"], ask: good(`delete ${here} rolebinding exec`) },
  { what: "delete the role", rules: ["K8s Role Deleted"], ask: good(`delete ${here} role exec`) },
  {
    what: "create clusterrole with * and write verbs",
    rules: ["K8s ClusterRole Created", "ClusterRole With Wildcard Created"],
    ask: good("create clusterrole audited-all --verb=* --resource=pods"),
  },
  {
    what: "create clusterrole with create and delete",
    rules: ["ClusterRole With Write Privileges Created"],
    ask: good("create clusterrole audited-write --verb=create,delete --resource=pods"),
  },
  {
    what: "delete both",
    rules: ["K8s ClusterRole Deleted"],
    ask: good("delete clusterrole audited-all audited-write"),
  },
  {
    what: "create and delete clusterrole system:audited",
    rules: ["System ClusterRole Modified/Deleted"],
    ask: async (lab) => {
      await lab.kubectl("create", "clusterrole", "system:audited", "--verb=get", "--resource=pods");
      await lab.kubectl("delete", "clusterrole", "system:audited");
    },
  },
  {
    what: "create clusterrolebinding to cluster-admin",
    rules: ["K8s ClusterRoleBinding Created", "Attach to cluster-admin Role"],
    ask: good("create clusterrolebinding audited-admin --clusterrole=cluster-admin --user=somebody"),
  },
  {
    what: "delete it",
    rules: ["K8s ClusterRoleBinding Deleted"],
    ask: good("delete clusterrolebinding audited-admin"),
  },
  {
    what: "create secret",
    rules: ["K8s Secret Created"],
    ask: good(`create ${here} secret generic s --from-literal=a=b`),
  },
  { what: "get secret", rules: ["K8s Secret Get Successfully"], ask: good(`get ${here} secret s`) },
  {
    what: "get a secret that is not there",
    rules: ["K8s Secret Get Unsuccessfully Tried"],
    ask: any(`get ${here} secret nothing`),
  },
  { what: "delete secret", rules: ["K8s Secret Deleted"], ask: good(`delete ${here} secret s`) },
  {
    what: "create deployment",
    rules: ["K8s Deployment Created"],
    ask: good(`create ${here} deployment web --image=${BUSYBOX} --replicas=0`),
  },
  { what: "delete it", rules: ["K8s Deployment Deleted"], ask: good(`delete ${here} deployment web`) },
  {
    what: "create ingress without tls",
    rules: ["Ingress Object without TLS Certificate Created"],
    ask: good(`create ${here} ingress front --rule=a.example/*=front:80`),
  },
  {
    what: "apply a pod: privileged, hostNetwork, hostPID, hostIPC, /etc of the node",
    rules: [
      ...["Create Privileged Pod", "Create HostNetwork Pod", "Create HostPid Pod", "Create HostIPC Pod"],
      "Create Sensitive Mount Pod",
    ],
    ask: (lab) => lab.apply(mighty()),
  },
  {
    what: "apply a pod with an image that no list allows",
    rules: ["Create Disallowed Pod"],
    ask: (lab) => lab.apply(pod({ name: "other-image", namespace: AUDITED, image: TOOLS })),
  },
  {
    what: "apply a pod in kube-system",
    rules: ["Pod Created in Kube Namespace"],
    ask: async (lab) => {
      await lab.apply(pod({ name: "audited", namespace: "kube-system" }));
      await lab.delete("pod", "-n", "kube-system", "audited");
    },
  },
  {
    what: "exec in a pod",
    rules: ["Attach/Exec Pod"],
    ask: async (lab) => {
      await lab.apply(pod({ name: "target", namespace: AUDITED }));
      await lab.kubectl(..."wait -n audited pod/target --for=condition=Ready --timeout=60s".split(" "));
      await lab.kubectl("exec", "-n", AUDITED, "target", "--", "id");
    },
  },
  {
    what: "port-forward",
    rules: ["port-forward"],
    ask: (lab) =>
      inside(lab.place, ..."timeout 5 kubectl port-forward -n audited pod/target 18080:80".split(" ")),
  },
  {
    what: "debug (an ephemeral container)",
    rules: ["EphemeralContainers Created"],
    ask: good(`debug ${here} target --image=${BUSYBOX} -- id`),
  },
  {
    what: "create a node of no machine",
    rules: ["Untrusted Node Successfully Joined the Cluster"],
    ask: (lab) => lab.apply(STRANGER),
  },
  {
    what: "create it a second time",
    rules: ["Untrusted Node Unsuccessfully Tried to Join the Cluster"],
    ask: async (lab) => {
      await lab.withFile(JSON.stringify(STRANGER), (file) => lab.tryKubectl("create", "-f", file));
      await lab.kubectl("delete", "node", STRANGER.metadata.name);
    },
  },
  {
    what: "get pods as a user whom no list names",
    rules: ["Disallowed K8s User"],
    ask: (lab) =>
      lab.tryKubectl("get", "pods", "-n", AUDITED, `--kubeconfig=${lab.place.state}/pki/visitor.conf`),
  },
  {
    what: "get a namespace without a name, after a binding that allows it",
    rules: ["Anonymous Request Allowed"],
    ask: async (lab) => {
      await lab.kubectl(
        ...`create rolebinding ${here} open --clusterrole=view --user=system:anonymous`.split(" "),
      );
      const url = `https://${NODE.ip}:6443/api/v1/namespaces/${AUDITED}/pods`;
      await lab.until("the anonymous answer", async () => {
        const { text } = await inside(lab.place, "curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", url);
        return text.trim() === "200";
      });
    },
  },
  {
    what: "any request in the namespace, by the first administrator",
    rules: ["Full K8s Administrative Access", "All K8s Audit Events"],
    ask: good(`get ${here} configmaps`),
  },
  {
    what: "delete the namespace",
    rules: ["K8s Namespace Deleted"],
    ask: async (lab) => {
      await lab.delete("pod", "-n", AUDITED, "--all");
      await lab.kubectl("delete", "namespace", AUDITED, "--wait=false");
      await lab.delete("serviceaccount", "-n", "kube-system", "audited-robot");
    },
  },
];

/** Switched off in Falco's file and in ours; a file of overrides switches them on, as their comments say. */
export const SWITCHED_ON: Readonly<Record<string, string>> = {
  "Create Disallowed Pod":
    "- macro: allowed_k8s_containers\n  condition: (ka.req.pod.containers.image.repository in (localhost/busybox))\n",
  "Full K8s Administrative Access":
    `- macro: allowed_full_admin_users\n  condition: (not ka.target.namespace = ${AUDITED})\n`,
  "All K8s Audit Events":
    `- macro: consider_all_events\n  condition: (ka.uri startswith /api/v1/namespaces/${AUDITED}/configmaps)\n`,
  "Untrusted Node Successfully Joined the Cluster":
    "- macro: allow_all_k8s_nodes\n  condition: (k8s_audit_never_true)\n",
  "Untrusted Node Unsuccessfully Tried to Join the Cluster": "",
};

function mighty(): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "mighty", namespace: AUDITED },
    spec: {
      hostNetwork: true,
      hostPID: true,
      hostIPC: true,
      terminationGracePeriodSeconds: 0,
      containers: [{
        name: "main",
        image: BUSYBOX,
        imagePullPolicy: "Never",
        command: ["sleep", "1000"],
        securityContext: { privileged: true },
        volumeMounts: [{ name: "etc", mountPath: "/host-etc" }],
      }],
      volumes: [{ name: "etc", hostPath: { path: "/etc" } }],
    },
  };
}
