import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import type { OutgoingAlert } from "../../../alerts/alert_facts.ts";
import { ocsfFormat } from "../../../alerts/formats/ocsf.ts";
import { hostileAlert, outgoing, recordedAlerts, SHELL } from "./alerts.ts";
import { OCSF } from "./ocsf_schema.ts";

const read = (alert: OutgoingAlert) => JSON.parse(ocsfFormat(alert));

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === "string",
  bool: (value) => typeof value === "boolean",
  int: (value) => Number.isSafeInteger(value),
};

/** What the schema has against a value of a type. */
function* problems(value: unknown, type: string, path: string): Generator<string> {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value) || value.length === 0) yield `${path}: a list is wanted`;
    else for (const [i, item] of value.entries()) yield* problems(item, type.slice(0, -2), `${path}[${i}]`);
    return;
  }
  if (type === "any") return;
  const fits = SCALARS[type];
  if (fits !== undefined) {
    if (!fits(value)) yield `${path}: ${JSON.stringify(value)} is not ${type}`;
    return;
  }
  const object = OCSF[type]!;
  const part = value as Record<string, unknown>;
  for (const key of object.required) if (part[key] === undefined) yield `${path}.${key} is required`;
  if (object.atLeastOne !== undefined && !object.atLeastOne.some((key) => part[key] !== undefined)) {
    yield `${path}: one of ${object.atLeastOne.join(", ")} is required`;
  }
  for (const [key, below] of Object.entries(part)) {
    const wanted = object.attributes[key];
    if (wanted === undefined) yield `${path}.${key} is not in the schema`;
    else yield* problems(below, wanted, `${path}.${key}`);
  }
}

const check = (alert: OutgoingAlert) => deepEqual([...problems(read(alert), "detection_finding", "")], []);

Deno.test("OCSF: every recorded alert is a valid Detection Finding of 1.5.0", () => {
  recordedAlerts().forEach(check);
  check(SHELL);
  check(outgoing({}));
});

Deno.test("OCSF: a hostile alert is a valid Detection Finding too", () => {
  fc.assert(fc.property(hostileAlert, check));
});

Deno.test("OCSF: class, type, severity and title are those of a new finding of a rule", () => {
  const finding = read(SHELL);
  deepEqual(
    [finding.class_uid, finding.category_uid, finding.type_uid, finding.activity_id, finding.severity_id],
    [2004, 2, 200401, 1, 3],
  );
  equal(finding.time, 1781092931123);
  equal(finding.finding_info.title, "Shell in container");
  equal(finding.finding_info.uid, finding.metadata.uid);
  deepEqual(finding.finding_info.attacks, [
    { tactic: { uid: "TA0002", name: "Execution" } },
    { technique: { uid: "T1059" }, sub_technique: { uid: "T1059.004" } },
  ]);
});

Deno.test("OCSF: severities rise with the priority", () => {
  const ids = (["Debug", "Notice", "Warning", "Error", "Critical", "Alert", "Emergency"] as const)
    .map((priority) => read(outgoing({}, { priority })).severity_id);
  deepEqual(ids, [1, 2, 3, 4, 5, 5, 6]);
});

Deno.test("OCSF: the evidence holds process, user, container and endpoints; the rest is unmapped", () => {
  const { evidences: [evidence], unmapped } = read(SHELL);
  deepEqual(evidence.actor.process, {
    pid: 4242,
    name: "bash",
    cmd_line: "bash -i",
    working_directory: "/root",
    file: { path: "/usr/bin/bash", name: "bash", type_id: 1 },
    user: { name: "root", uid: "0" },
    parent_process: { pid: 4200, name: "nginx" },
  });
  deepEqual(evidence.container, {
    uid: "3ad7b26ded6d",
    name: "web",
    image: { uid: "docker.io/nginx", name: "docker.io/nginx", tag: "1.27" },
    orchestrator: "kubernetes",
    labels: ["k8s.pod.name:web-1", "k8s.ns.name:shop"],
  });
  deepEqual(Object.keys(unmapped), ["evt.res", "evt.type", "proc.exe_ino.ctime", "proc.tty"]);

  const [net] = read(outgoing({ "fd.name": '"10.0.0.1:1->10.0.0.2:2"', "fd.l4proto": '"udp"' })).evidences;
  deepEqual(net, {
    src_endpoint: { ip: "10.0.0.1", port: 1 },
    dst_endpoint: { ip: "10.0.0.2", port: 2 },
    connection_info: { direction_id: 0, protocol_name: "udp" },
  });
});

Deno.test("OCSF: a container alone is a resource, since it is no evidence by itself", () => {
  const [evidence] = read(outgoing({ "container.id": '"3ad7b26ded6d"' })).evidences;
  deepEqual(evidence.resources, [{ type: "container", uid: "3ad7b26ded6d" }]);
});

Deno.test("OCSF: without proc.pid there is no process object, and what is known of it is not lost", () => {
  const finding = read(
    outgoing({ "proc.name": '"bash"', "proc.cmdline": '"bash -i"', "user.name": '"root"' }),
  );
  deepEqual(finding.evidences[0].actor, { app_name: "bash", user: { name: "root" } });
  deepEqual(finding.unmapped, { "proc.cmdline": "bash -i" });
  ok(finding.is_alert);
});
