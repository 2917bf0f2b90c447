// Values of ka.* fields.

import { deepEqual, equal } from "node:assert/strict";
import { makeSource } from "../../rules/text/source.ts";
import { FIELDS } from "../../schema/fields.ts";
import { AUDIT_EXTRACTORS } from "../../sources/k8s_audit/audit_fields.ts";
import { JsonEvaluator, texts } from "./json_evaluator.ts";

const POD = {
  kind: "Event",
  auditID: "id-1",
  stage: "ResponseComplete",
  stageTimestamp: "2026-01-31T08:15:30.123456Z",
  requestURI: "/api/v1/namespaces/a/pods/p/exec?command=sh&command=-c&container=c%201",
  verb: "create",
  sourceIPs: ["10.0.0.7", "10.0.0.8"],
  user: { username: "jane", groups: ["g1", "g2"] },
  objectRef: { resource: "pods", namespace: "a", name: "p" },
  responseStatus: { code: 201 },
  responseObject: { metadata: { name: "p-x" } },
  requestObject: {
    spec: {
      hostNetwork: true,
      securityContext: { runAsUser: 7, runAsGroup: 8, fsGroup: 9, supplementalGroups: [1, 2] },
      containers: [
        {
          name: "c1",
          image: "docker.io/nginx:1.27",
          command: ["sh", "-c"],
          args: ["a", "b"],
          ports: [{ hostPort: 80, containerPort: 8080 }, { containerPort: 81 }, {}],
          securityContext: {
            privileged: true,
            runAsUser: 0,
            capabilities: { add: ["SYS_ADMIN", "NET_RAW"] },
          },
        },
        { name: "c2", image: "busybox@sha256:abc" },
      ],
      volumes: [
        { name: "v1", hostPath: { path: "/etc" } },
        { name: "v2", emptyDir: {} },
        { name: "v3", flexVolume: { driver: "d" } },
      ],
    },
  },
};

function valuesOf(event: unknown, fields: readonly string[]): unknown[] {
  const output = fields.map((field) => `%${field}`).join(" ");
  const rule =
    `- {rule: all, desc: d, condition: 'evt.num > 0', output: '${output}', priority: INFO, source: k8s_audit}\n`;
  const evaluate = new JsonEvaluator([makeSource("rules.yaml", rule)]);
  deepEqual(evaluate.problems, []);
  return texts(evaluate.evaluate(JSON.stringify(event))[0]!.values);
}

function check(event: unknown, expected: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(expected);
  const found = valuesOf(event, names);
  deepEqual(Object.fromEntries(names.map((name, i) => [name, found[i]])), expected);
}

Deno.test("fields of the request and of its pod", () => {
  check(POD, {
    "ka.auditid": "id-1",
    "ka.uri.param[command]": "sh",
    "ka.uri.param[container]": "c 1",
    "ka.uri.param[gone]": null,
    "ka.sourceips": ["10.0.0.7", "10.0.0.8"],
    "ka.user.groups": ["g1", "g2"],
    "ka.target.pod.name": "p-x",
    "ka.response.code": "201",
    "ka.req.pod.host_network": "true",
    "ka.req.pod.host_pid": null,
    "ka.req.pod.run_as_user": "7",
    "ka.req.pod.supplemental_groups": ["1", "2"],
    "ka.req.pod.containers.name": ["c1", "c2"],
    "ka.req.pod.containers.name[1]": ["c2"],
    "ka.req.pod.containers.name[2]": null,
    "ka.req.pod.containers.image.repository": ["docker.io/nginx", "busybox"],
    "ka.req.pod.containers.command": ["sh -c"],
    "ka.req.pod.containers.args": ["a b"],
    "ka.req.pod.containers.host_port": ["80", "81"],
    "ka.req.pod.containers.privileged": ["true"],
    "ka.req.pod.containers.privileged[1]": null,
    "ka.req.pod.containers.eff_run_as_user": ["0", "7"],
    "ka.req.pod.containers.eff_run_as_group": ["8", "8"],
    "ka.req.pod.containers.add_capabilities": ['["SYS_ADMIN","NET_RAW"]'],
    "ka.req.pod.volumes.hostpath": ["/etc"],
    "ka.req.pod.volumes.flexvolume_driver": ["d"],
    "ka.req.pod.volumes.volume_type": ["hostPath", "emptyDir", "flexVolume"],
    "ka.req.pod.initContainers.image": null,
    "ka.req.container.image": "docker.io/nginx:1.27",
    "ka.req.container.privileged": "true",
    "ka.req.volume.hostpath[/etc]": "true",
    "ka.req.volume.hostpath[/e*]": "true",
    "ka.req.volume.hostpath[/var]": "false",
    "evt.pluginname": "k8saudit",
  });
});

Deno.test("fields of roles, bindings, config maps and services", () => {
  check({
    kind: "Event",
    auditID: "id-2",
    stageTimestamp: "2026-01-31T08:15:30Z",
    requestObject: {
      roleRef: { name: "cluster-admin" },
      data: { key: "pass\nword" },
      rules: [{ verbs: ["get", "*"], resources: ["pods"] }, { verbs: ["list"] }],
      subjects: [
        { kind: "User", name: "u" },
        { kind: "ServiceAccount", name: "s", namespace: "n" },
        { kind: "Group", name: "g" },
        "nonsense",
      ],
      spec: { type: "NodePort", ports: [{ port: 1 }, { port: 2 }] },
    },
  }, {
    "ka.req.binding.role": "cluster-admin",
    "ka.req.binding.subjects.user_names": ["u"],
    "ka.req.binding.subjects.serviceaccount_names": ["s"],
    "ka.req.binding.subjects.serviceaccount_ns_names": ["n:s"],
    "ka.req.binding.subjects.group_names": ["g"],
    "ka.req.binding.subject.has_name[x]": "true",
    "ka.req.role.rules.verbs": ["get", "*", "list"],
    "ka.req.role.rules.verbs[1]": ["list"],
    "ka.req.role.rules.resources": ["pods"],
    "ka.req.role.rules": ['{"verbs":["get","*"],"resources":["pods"]}', '{"verbs":["list"]}'],
    "ka.req.configmap.obj": '{"key":"pass\\nword"}',
    "ka.req.service.type": "NodePort",
    // as in Falco: all of them in one text
    "ka.req.service.ports": ['[{"port":1},{"port":2}]'],
  });
});

Deno.test("every ka field of the catalogue has an extractor, and no extractor is without its field", () => {
  const fields = FIELDS.filter(({ sources }) => sources.includes("k8s_audit"));
  equal(fields.length, 100);
  const names = (table: object | undefined) =>
    Object.keys(table ?? {}).filter((name) => name.startsWith("ka_"));
  const { plain, indexed, named } = AUDIT_EXTRACTORS;
  const wanted = fields.flatMap(({ fn, fnWhole }) => [fn!, ...fnWhole === undefined ? [] : [fnWhole]]);
  deepEqual([...names(plain), ...names(indexed), ...names(named)].sort(), wanted.sort());
});

Deno.test("values of unexpected types leave fields without a value, and nothing fails", () => {
  const nonsense = [null, 1, "x", [], {}, [[]], [null], [{ containers: 1 }], { spec: [] }, true];
  const fields = FIELDS.filter(({ sources, filterOnly }) =>
    sources.includes("k8s_audit") && filterOnly !== true
  )
    .map(({ name, arg, argKind }) => arg === "required" ? `${name}[${argKind === "index" ? 0 : "a"}]` : name);
  for (const value of nonsense) {
    const event = {
      ...POD,
      user: value,
      objectRef: value,
      requestURI: value,
      sourceIPs: value,
      responseStatus: value,
      responseObject: value,
    };
    valuesOf({ ...event, requestObject: value }, fields);
    const requestObject = {
      spec: { containers: value, volumes: value, ports: value },
      rules: value,
      subjects: value,
    };
    valuesOf({ ...event, requestObject }, fields);
    const container = { name: value, image: value, command: value, ports: value, securityContext: value };
    valuesOf({
      ...event,
      requestObject: { spec: { containers: [container], volumes: [{ hostPath: value }] } },
    }, fields);
  }
});
