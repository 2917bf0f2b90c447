// The bundled rules for audit events: an event for each that it reports, and ordinary work that none reports.

import { deepEqual, ok } from "node:assert/strict";
import { readSource } from "../../rules/read_source.ts";
import { makeSource } from "../../rules/text/source.ts";
import { JsonEvaluator } from "./json_evaluator.ts";

const RULES = new URL("../../rules/bundled/k8s_audit_rules.yaml", import.meta.url).pathname;

type Json = Readonly<Record<string, unknown>>;

function event(changes: Json): Json {
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: "5f0a7c1e-0c55-4a43-8d4f-6f2f54a0d9f1",
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/shop/pods",
    verb: "create",
    user: { username: "jane", groups: ["developers", "system:authenticated"] },
    sourceIPs: ["203.0.113.9"],
    userAgent: "kubectl/v1.33.0",
    objectRef: { resource: "pods", namespace: "shop", name: "web", apiVersion: "v1" },
    responseStatus: { metadata: {}, code: 201 },
    stageTimestamp: "2026-01-31T08:15:30.123456Z",
    annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    ...changes,
  };
}

const of = (resource: string, name = "x", more: Json = {}) => ({
  objectRef: { resource, namespace: "shop", name, apiVersion: "v1", ...more },
});
const pod = (spec: Json, container: Json = {}) => ({
  requestObject: { spec: { containers: [{ name: "c", image: "shop/web:1", ...container }], ...spec } },
});
const asked = (username: string) => ({ user: { username, groups: [] } });

const done = (verb: string, code = 200) => ({ verb, responseStatus: { code } });
const written = (rule: Json) => ({
  requestObject: { rules: [{ verbs: ["get"], resources: ["pods"], ...rule }] },
});
const privileged = { securityContext: { privileged: true } };
const TRUSTED = "docker.io/calico/node:v3";

/** What the rules say nothing about: this user is known, and the record of what comes and goes is another test's. */
const JANE = `
- list: allowed_k8s_users
  items: [jane]
  override: {items: append}
`;
const NO_RECORD = `
- macro: consider_activity_events
  condition: (k8s_audit_never_true)
  override: {condition: replace}
`;

/** Each rule with events that it has to report. */
const REPORTED: Readonly<Record<string, readonly Json[]>> = {
  "Create Privileged Pod": [
    pod({}, privileged),
    pod({ initContainers: [{ name: "i", image: "x", ...privileged }] }),
    // with a main container that would be excused
    pod({ initContainers: [{ name: "i", image: "x", ...privileged }] }, { image: TRUSTED }),
  ],
  "Create HostNetwork Pod": [pod({ hostNetwork: true })],
  "Create HostPid Pod": [pod({ hostPID: true })],
  "Create HostIPC Pod": [pod({ hostIPC: true })],
  "Create Sensitive Mount Pod": ["/var/run/docker.sock", "/etc/", "//root", "/./etc", "/proc/1/root"].map((
    path,
  ) => pod({ volumes: [{ name: "a", emptyDir: {} }, { name: "v", hostPath: { path } }] })),
  "Attach/Exec Pod": [
    {
      ...of("pods", "web", { subresource: "exec" }),
      verb: "get",
      stage: "ResponseStarted",
      responseStatus: { code: 101 },
      requestURI: "/api/v1/namespaces/shop/pods/web/exec?command=sh&container=c",
    },
    {
      ...of("pods", "web", { subresource: "attach" }),
      stage: "ResponseStarted",
      responseStatus: { code: 101 },
    },
  ],
  "port-forward": [
    {
      ...of("pods", "web", { subresource: "portforward" }),
      stage: "ResponseStarted",
      responseStatus: { code: 101 },
    },
  ],
  "EphemeralContainers Created": [
    { ...of("pods", "web", { subresource: "ephemeralcontainers" }), ...done("patch") },
  ],
  "Anonymous Request Allowed": [{ ...asked("system:anonymous"), ...of("configmaps"), ...done("list") }],
  "Attach to cluster-admin Role": ["clusterrolebindings", "rolebindings"].map((resource) => ({
    ...of(resource),
    requestObject: { roleRef: { name: "cluster-admin" }, subjects: [{ kind: "User", name: "mallory" }] },
  })),
  "System ClusterRole Modified/Deleted": [
    { ...of("clusterroles", "system:node"), ...done("delete") },
    { ...of("roles", "system:controller:x"), ...done("update"), ...written({}) },
  ],
  "ClusterRole With Wildcard Created": [
    { ...of("clusterroles"), ...written({ resources: ["*"] }) },
    { ...of("roles"), verb: "update", ...written({ verbs: ["*"] }) },
  ],
  "ClusterRole With Pod Exec Created": [
    { ...of("clusterroles"), ...written({ verbs: ["create"], resources: ["pods/exec"] }) },
    { ...of("roles"), ...done("update"), ...written({ resources: ["nodes/proxy"] }) },
  ],
  "ClusterRole With Write Privileges Created": [{ ...of("roles"), ...written({ verbs: ["get", "delete"] }) }],
  "Create Disallowed Namespace": [of("namespaces", "loot")],
  "Service Account Created in Kube Namespace": [of("serviceaccounts", "x", { namespace: "kube-system" })],
  "Pod Created in Kube Namespace": [
    { ...pod({}), ...of("pods", "x", { namespace: "kube-system" }) },
    // by way of a deployment
    {
      ...pod({}),
      ...of("pods", "x", { namespace: "kube-system" }),
      ...asked("system:serviceaccount:kube-system:replicaset-controller"),
    },
  ],
  "Secrets listed": [{ ...of("secrets"), ...done("list") }],
  "K8s Secret Get Successfully": [{ ...of("secrets", "db"), ...done("get") }],
  "K8s Secret Get Unsuccessfully Tried": [{ ...of("secrets", "db"), ...done("get", 403) }],
  "Create/Modify Configmap With Private Credentials": [
    { ...of("configmaps"), requestObject: { data: { "app.conf": "db_PASSWORD=hunter2" } } },
    { ...of("configmaps"), verb: "update", requestObject: { data: { key: "-----BEGIN PRIVATE KEY-----" } } },
  ],
  "Create NodePort Service": [{ ...of("services"), requestObject: { spec: { type: "NodePort" } } }],
  "Ingress Object without TLS Certificate Created": [
    { ...of("ingresses"), requestObject: { spec: { rules: [] } } },
  ],
  "Node joined": [{ ...of("nodes", "n1"), ...asked("system:node:n1") }],
  "Disallowed K8s User": [{ ...asked("mallory"), ...done("list") }],
  ...Object.fromEntries(
    [
      ["Deployment", of("deployments")],
      ["Service", of("services")],
      ["ConfigMap", of("configmaps")],
      ["Namespace", of("namespaces", "default")],
      ["Serviceaccount", of("serviceaccounts")],
      ["Role", { ...of("roles"), ...written({}) }],
      ["ClusterRole", { ...of("clusterroles"), ...written({}) }],
      ["RoleBinding", of("rolebindings")],
      ["ClusterRoleBinding", of("clusterrolebindings")],
      ["Secret", of("secrets")],
    ].flatMap(([kind, changes]) => [
      [`K8s ${kind} Created`, [changes]],
      [`K8s ${kind} Deleted`, [{ ...changes as Json, ...done("delete") }]],
    ]),
  ),
};

/** Rules that are off, as Falco's are, the macro that switches each on, and an event. */
const SWITCHED_OFF: Readonly<Record<string, readonly [macro: string, condition: string, event: Json]>> = {
  "Create Disallowed Pod": [
    "allowed_k8s_containers",
    "(ka.req.pod.containers.image.repository in (my-repo/my-image))",
    pod({}),
  ],
  "Full K8s Administrative Access": [
    "allowed_full_admin_users",
    "(k8s_audit_never_true)",
    { ...asked("kubernetes-admin"), ...done("list") },
  ],
  "All K8s Audit Events": ["consider_all_events", "(k8s_audit_always_true)", done("list")],
  "Untrusted Node Successfully Joined the Cluster": [
    "allow_all_k8s_nodes",
    "(k8s_audit_never_true)",
    of("nodes", "n1"),
  ],
  "Untrusted Node Unsuccessfully Tried to Join the Cluster": [
    "allow_all_k8s_nodes",
    "(k8s_audit_never_true)",
    { ...of("nodes", "n1"), ...done("create", 403) },
  ],
};

/** What a cluster does by itself, and what people do every day. */
const QUIET: Readonly<Record<string, Json>> = {
  "an ordinary pod": pod({}),
  "a refused privileged pod": { ...pod({}, privileged), responseStatus: { code: 403 } },
  "a pod of the cluster's own": {
    ...pod({}, { image: "registry.k8s.io/coredns/coredns:v1" }),
    ...of("pods", "x", { namespace: "kube-system" }),
    ...asked("system:serviceaccount:kube-system:replicaset-controller"),
  },
  "a node that joins and is not allowed to": { ...of("nodes", "n1"), ...done("create", 403) },
  "an ingress with a certificate": {
    ...of("ingresses"),
    requestObject: { spec: { tls: [{ hosts: ["a"] }] } },
  },
  "an image that may": pod({ initContainers: [{ name: "i", image: TRUSTED }] }, {
    image: TRUSTED,
    ...privileged,
  }),
  "the first stage of a request": { ...pod({ hostNetwork: true }), stage: "RequestReceived" },
  "a mirror pod of a node": {
    ...pod({}),
    ...of("pods", "kube-proxy", { namespace: "kube-system" }),
    ...asked("system:node:n1"),
  },
  "health checks without a name": { ...asked("system:anonymous"), verb: "get", requestURI: "/livez?verbose" },
  "a refused anonymous request": {
    ...asked("system:anonymous"),
    responseStatus: { code: 403 },
    annotations: { "authorization.k8s.io/decision": "forbid" },
  },
  "a controller that reads secrets": {
    ...of("secrets"),
    ...asked("system:serviceaccount:kube-system:generic-garbage-collector"),
    verb: "list",
    responseStatus: { code: 200 },
  },
  "a refused look at secrets": { ...of("secrets"), verb: "list", responseStatus: { code: 403 } },
  "an ordinary config map": { ...of("configmaps"), requestObject: { data: { "a.conf": "port=80" } } },
  "an ordinary service": { ...of("services"), requestObject: { spec: { type: "ClusterIP" } } },
  "an ordinary role": { ...of("roles"), requestObject: { rules: [{ verbs: ["get"], resources: ["pods"] }] } },
  "a node that reports its state": { ...of("nodes", "n1", { subresource: "status" }), verb: "patch" },
  "logs of a pod": {
    ...of("pods", "web", { subresource: "log" }),
    verb: "get",
    responseStatus: { code: 200 },
  },
};

function evaluate(...own: readonly string[]): JsonEvaluator {
  const read = readSource(RULES);
  if (!("source" in read)) throw new Error(read.reason);
  return new JsonEvaluator([read.source, ...own.map((text, i) => makeSource(`own${i}.yaml`, text))]);
}

function reported(rules: JsonEvaluator, changes: Json): readonly string[] {
  return rules.evaluate(JSON.stringify(event(changes))).map(({ rule }) => rule);
}

Deno.test("every bundled rule for audit events reports its event, and only that rule does", () => {
  const rules = evaluate(JANE);
  deepEqual(rules.problems, []);
  const text = Deno.readTextFileSync(RULES);
  const names = [...text.matchAll(/^- rule: (.+)$/gm)].map(([, name]) => name);
  deepEqual([...Object.keys(REPORTED), ...Object.keys(SWITCHED_OFF)].sort(), names.sort());
  for (const [name, events] of Object.entries(REPORTED)) {
    for (const changes of events) deepEqual(reported(rules, changes), [name], JSON.stringify(changes));
  }
});

Deno.test("bundled rules for audit events that a macro switches off are quiet until it is overridden", () => {
  const before = evaluate(JANE);
  for (const [name, [macro, condition, changes]] of Object.entries(SWITCHED_OFF)) {
    ok(!reported(before, changes).includes(name), name);
    const after = evaluate(
      JANE,
      `- {macro: ${macro}, condition: "${condition}", override: {condition: replace}}`,
    );
    deepEqual(after.problems, []);
    deepEqual(reported(after, changes), [name]);
  }
});

Deno.test("ordinary work of a cluster and its users is quiet", () => {
  const rules = evaluate(JANE, NO_RECORD);
  deepEqual(rules.problems, []);
  for (const [what, changes] of Object.entries(QUIET)) deepEqual(reported(rules, changes), [], what);
});

Deno.test("what the cluster does by itself is no part of the record of what comes and goes", () => {
  const rules = evaluate();
  for (const user of ["system:serviceaccount:kube-system:root-ca-cert-publisher", "system:node:n1"]) {
    for (const resource of ["configmaps", "secrets", "services", "serviceaccounts"]) {
      deepEqual(reported(rules, { ...of(resource), ...asked(user) }), [], `${user} ${resource}`);
    }
  }
});

Deno.test("an event as large as the API server's limits allow is evaluated like any other: the object comes twice", () => {
  const rules = evaluate();
  for (const bytes of [200_000, 1_500_000, 3_500_000]) {
    const object = {
      metadata: { annotations: { a: "x".repeat(bytes) } },
      spec: { containers: [{ name: "c", image: "nginx", securityContext: { privileged: true } }] },
    };
    const large = event({ requestObject: object, responseObject: object });
    deepEqual(
      rules.evaluate(JSON.stringify(large)).map(({ rule }) => rule),
      ["Create Privileged Pod"],
      `${bytes}`,
    );
  }
});
