// The bundled rules for audit events: an event for each that it reports, and ordinary work that none reports.

import { deepEqual } from "node:assert/strict";
import { readSource } from "../../rules/read_source.ts";
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

/** Each rule with events that it has to report. */
const REPORTED: Readonly<Record<string, readonly Json[]>> = {
  "Privileged pod created": [
    pod({}, { securityContext: { privileged: true } }),
    pod({ initContainers: [{ name: "i", image: "x", securityContext: { privileged: true } }] }),
  ],
  "Pod created in the network of its node": [pod({ hostNetwork: true })],
  "Pod created with processes of its node": [pod({ hostPID: true }), pod({ hostIPC: true })],
  "Pod created with a sensitive path of its node": [
    pod({
      volumes: [{ name: "a", emptyDir: {} }, { name: "v", hostPath: { path: "/var/run/docker.sock" } }],
    }),
  ],
  "Command run in a pod": [
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
  "Ephemeral container added to a pod": [
    {
      ...of("pods", "web", { subresource: "ephemeralcontainers" }),
      verb: "patch",
      responseStatus: { code: 200 },
    },
  ],
  "Anonymous request allowed": [
    { ...asked("system:anonymous"), ...of("configmaps"), verb: "list", responseStatus: { code: 200 } },
  ],
  "Cluster admin role bound": [
    {
      ...of("clusterrolebindings"),
      requestObject: { roleRef: { name: "cluster-admin" }, subjects: [{ kind: "User", name: "mallory" }] },
    },
  ],
  "Role with wildcards written": [
    { ...of("clusterroles"), requestObject: { rules: [{ verbs: ["get"], resources: ["*"] }] } },
    { ...of("roles"), verb: "update", requestObject: { rules: [{ verbs: ["*"], resources: ["pods"] }] } },
  ],
  "Service account created in a namespace of the cluster": [
    of("serviceaccounts", "x", { namespace: "kube-system" }),
  ],
  "Pod created in a namespace of the cluster": [
    { ...pod({}), ...of("pods", "x", { namespace: "kube-system" }) },
  ],
  "Secrets listed": [{ ...of("secrets"), verb: "list", responseStatus: { code: 200 } }],
  "Secret read": [{ ...of("secrets", "db"), verb: "get", responseStatus: { code: 200 } }],
  "Credentials in a config map": [
    { ...of("configmaps"), requestObject: { data: { "app.conf": "db_PASSWORD=hunter2" } } },
    { ...of("configmaps"), verb: "update", requestObject: { data: { key: "-----BEGIN PRIVATE KEY-----" } } },
  ],
  "Service opened on all nodes": [{ ...of("services"), requestObject: { spec: { type: "NodePort" } } }],
  "Node joined": [{ ...of("nodes", "n1"), ...asked("system:node:n1") }],
};

/** What a cluster does by itself, and what people do every day. */
const QUIET: Readonly<Record<string, Json>> = {
  "an ordinary pod": pod({}),
  "a refused privileged pod": {
    ...pod({}, { securityContext: { privileged: true } }),
    responseStatus: { code: 403 },
  },
  "an image that may": pod({}, { image: "docker.io/calico/node:v3", securityContext: { privileged: true } }),
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

function evaluate(): JsonEvaluator {
  const read = readSource(RULES);
  if (!("source" in read)) throw new Error(read.reason);
  return new JsonEvaluator([read.source]);
}

Deno.test("every bundled rule for audit events reports its event, and only that rule does", () => {
  const rules = evaluate();
  deepEqual(rules.problems, []);
  const text = Deno.readTextFileSync(RULES);
  const names = [...text.matchAll(/^- rule: (.+)$/gm)].map(([, name]) => name);
  deepEqual(Object.keys(REPORTED).sort(), names.sort());
  for (const [name, events] of Object.entries(REPORTED)) {
    for (const changes of events) {
      const found = rules.evaluate(JSON.stringify(event(changes))).map(({ rule }) => rule);
      deepEqual(found, [name], JSON.stringify(changes));
    }
  }
});

Deno.test("ordinary work of a cluster and its users is quiet", () => {
  const rules = evaluate();
  for (const [what, changes] of Object.entries(QUIET)) {
    deepEqual(rules.evaluate(JSON.stringify(event(changes))), [], what);
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
      ["Privileged pod created"],
      `${bytes}`,
    );
  }
});
