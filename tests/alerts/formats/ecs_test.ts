import { deepEqual, equal, ok } from "node:assert/strict";
import type { OutgoingAlert } from "../../../alerts/alert_facts.ts";
import { ecsFormat } from "../../../alerts/formats/ecs.ts";
import { outgoing, recordedAlerts, SHELL } from "./alerts.ts";

/** Which types ECS expects in which category. */
const TYPES: Readonly<Record<string, string>> = {
  configuration: "access change creation deletion info",
  driver: "change end info start",
  file: "access change creation deletion info",
  host: "access change end info start",
  iam: "admin change creation deletion group info user",
  intrusion_detection: "allowed denied info",
  network: "access allowed connection denied end info protocol start",
  process: "access change end info start",
};

const read = (alert: OutgoingAlert) => JSON.parse(ecsFormat(alert));

Deno.test("ECS: a shell in a pod has its process, user, container, pod and technique where ECS has them", () => {
  const { event, falco, process, ...document } = read(SHELL);
  deepEqual(document, {
    "@timestamp": "2026-06-10T12:02:11.123456789Z",
    ecs: { version: "8.17.0" },
    message: "Shell in container (user=root cmd=bash -i)",
    tags: SHELL.tags,
    rule: { name: "Shell in container" },
    log: { level: "warning", syslog: { severity: { code: 4, name: "Warning" } } },
    observer: { vendor: "Falco", product: "falco", version: document.observer.version, type: "ids" },
    host: { hostname: "node1", name: "node1" },
    user: { name: "root", id: "0" },
    container: { id: "3ad7b26ded6d", name: "web", image: { name: "docker.io/nginx", tag: ["1.27"] } },
    orchestrator: { namespace: "shop", resource: { name: "web-1", type: "pod" }, type: "kubernetes" },
    threat: {
      framework: "MITRE ATT&CK",
      tactic: { id: ["TA0002"], name: ["Execution"] },
      technique: { id: ["T1059"], subtechnique: { id: ["T1059.004"] } },
    },
    related: { hosts: ["node1"], user: ["root"] },
  });
  deepEqual(event, {
    kind: "alert",
    module: "falco",
    dataset: "falco.alerts",
    provider: "syscall",
    category: ["process"],
    type: ["start"],
    severity: 3,
    id: "node1-1781092931123456789-7",
    action: "execve",
    outcome: "success",
  });
  deepEqual(process, {
    pid: 4242,
    name: "bash",
    executable: "/usr/bin/bash",
    command_line: "bash -i",
    working_directory: "/root",
    parent: { pid: 4200, name: "nginx" },
  });
  deepEqual(Object.keys(falco.output_fields), ["evt.res", "proc.exe_ino.ctime", "proc.tty"]);
});

Deno.test("ECS: numbers longer than a double keep their digits", () => {
  ok(ecsFormat(SHELL).includes('"proc.exe_ino.ctime":1781092900000000001'));
});

Deno.test("ECS: a connection has source and destination, a file its path", () => {
  const net = read(outgoing({ "fd.name": '"203.0.113.7:45897->2001:db8::7:443"', "fd.l4proto": '"tcp"' }));
  deepEqual(net.source, { ip: "203.0.113.7", port: 45897, address: "203.0.113.7" });
  deepEqual(net.destination, { ip: "2001:db8::7", port: 443, address: "2001:db8::7" });
  deepEqual(net.network, { transport: "tcp" });
  deepEqual(net.related.ip, ["203.0.113.7", "2001:db8::7"]);
  equal(net.file, undefined);

  const file = read(outgoing({ "fd.name": '"/etc/shadow"', "evt.type": '"openat"' }));
  deepEqual(file.file, { path: "/etc/shadow", name: "shadow" });
  deepEqual([file.event.category, file.event.type], [["file"], ["access"]]);
  equal(file.source, undefined);
});

Deno.test("ECS: a process of the host has no container", () => {
  const document = read(outgoing({ "container.id": '"host"', "container.name": '"host"' }));
  equal(document.container, undefined);
  deepEqual(document.falco.output_fields, { "container.id": "host", "container.name": "host" });
});

Deno.test("ECS: category and type are allowed ones, and nothing of a recorded alert gets lost", () => {
  for (const alert of recordedAlerts()) {
    const line = ecsFormat(alert);
    const { event } = JSON.parse(line);
    const allowed = TYPES[event.category[0]]?.split(" ") ?? [];
    ok(allowed.includes(event.type[0]), `${event.category}/${event.type} of ${alert.rule}`);
    for (const [key, json] of alert.fields) {
      const value = JSON.parse(json);
      if (value === null || value === "" || key === "evt.time") continue;
      if (key === "fd.name" && String(value).includes("->")) continue; // cut into its endpoints
      ok(line.includes(json) || line.includes(JSON.stringify(String(value))), `${key} of ${alert.rule}`);
    }
  }
});
