// An alert in the Elastic Common Schema (8.17), one JSON object in one line.
// In: an alert. Out: the line. What has no name in ECS is under falco.output_fields with Falco's names.
// Elsewhere: categories (ecs_categories.ts), endpoints and paths (activity.ts).

import { alertId } from "../alert_id.ts";
import { jsonLine, PRIORITIES } from "../../base/mod.ts";
import type { OutgoingAlert } from "../alert_facts.ts";
import { utcDateTime } from "../time_text.ts";
import { isEmpty, readConnection, readFilePath } from "./activity.ts";
import { AlertFields } from "./alert_fields.ts";
import { ecsKind } from "./ecs_categories.ts";
import { readMitre } from "./mitre.ts";
import { PRODUCT, PRODUCT_VERSION, VENDOR } from "./product.ts";

const ECS_VERSION = "8.17.0";

/** ECS wants ids as texts, process numbers as numbers, and some values as lists. */
type Form = "text" | "number" | "list";

const PROCESS: readonly (readonly [path: string, form: Form, field: string])[] = [
  ["process.pid", "number", "proc.pid"],
  ["process.name", "text", "proc.name"],
  ["process.executable", "text", "proc.exepath"],
  ["process.command_line", "text", "proc.cmdline"],
  ["process.working_directory", "text", "proc.cwd"],
  ["process.thread.id", "number", "thread.tid"],
  ["process.parent.pid", "number", "proc.ppid"],
  ["process.parent.name", "text", "proc.pname"],
  ["process.parent.executable", "text", "proc.pexepath"],
  ["process.parent.command_line", "text", "proc.pcmdline"],
  ["process.session_leader.pid", "number", "proc.sid"],
  ["process.session_leader.name", "text", "proc.sname"],
  ["process.session_leader.executable", "text", "proc.sid.exepath"],
  ["process.group_leader.pid", "number", "proc.pgid"],
  ["process.group_leader.name", "text", "proc.pgid.name"],
  ["process.group_leader.executable", "text", "proc.pgid.exepath"],
  ["user.name", "text", "user.name"],
  ["user.id", "text", "user.uid"],
  ["user.group.name", "text", "group.name"],
  ["user.group.id", "text", "group.gid"],
];

/** Not for processes of the host, whose container id is "host". */
const CONTAINER: typeof PROCESS = [
  ["container.id", "text", "container.id"],
  ["container.name", "text", "container.name"],
  ["container.image.name", "text", "container.image.repository"],
  ["container.image.tag", "list", "container.image.tag"],
  ["container.image.hash.all", "list", "container.image.digest"],
  ["orchestrator.namespace", "text", "k8s.ns.name"],
  ["orchestrator.resource.name", "text", "k8s.pod.name"],
];

type Tree = { [key: string]: unknown };

export function ecsFormat(alert: OutgoingAlert): string {
  const fields = new AlertFields(alert);
  const severity = PRIORITIES.indexOf(alert.priority);
  const time = `${utcDateTime(alert.timeNs)}Z`;
  fields.drop("evt.time", "evt.time.iso8601");

  const document: Tree = {
    "@timestamp": time,
    "ecs": { version: ECS_VERSION },
    "message": alert.message,
    "tags": alert.tags,
    "event": event(alert, fields, severity),
    "rule": { name: alert.rule },
    "log": {
      level: alert.priority.toLowerCase(),
      syslog: { severity: { code: severity, name: alert.priority } },
    },
    "observer": { vendor: VENDOR, product: PRODUCT, version: PRODUCT_VERSION, type: "ids" },
    "host": { hostname: alert.hostname, name: alert.hostname },
  };
  put(document, fields, PROCESS);
  if (fields.peek("container.id") !== "host") put(document, fields, CONTAINER);
  if ("orchestrator" in document) {
    const orchestrator = document["orchestrator"] as Tree;
    orchestrator["type"] = "kubernetes";
    const resource = orchestrator["resource"] as Tree | undefined;
    if (resource !== undefined) resource["type"] = "pod";
  }
  putActivity(document, fields);
  putThreat(document, alert.tags);
  putRelated(document, alert.hostname);
  document["falco"] = {
    priority: alert.priority,
    rule: alert.rule,
    source: alert.source,
    output: alert.text,
    output_fields: fields.rest(),
  };
  return jsonLine(document);
}

function event(alert: OutgoingAlert, fields: AlertFields, severity: number): Tree {
  const [category, type] = ecsKind(fields, alert.tags);
  const result = fields.peek("evt.res");
  const action = fields.text("evt.type");
  return {
    kind: "alert",
    module: "falco",
    dataset: "falco.alerts",
    provider: alert.source,
    category: [category],
    type: [type],
    // higher is more severe
    severity: PRIORITIES.length - 1 - severity,
    id: alertId(alert),
    ...(action === undefined ? {} : { action }),
    ...(typeof result === "string" ? { outcome: result === "SUCCESS" ? "success" : "failure" } : {}),
  };
}

function put(document: Tree, fields: AlertFields, table: typeof PROCESS): void {
  for (const [path, form, field] of table) {
    const value = form === "number" ? fields.count(field) : fields.text(field);
    if (value !== undefined) putAt(document, path, form === "list" ? [value] : value);
  }
}

function putAt(document: Tree, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop()!;
  let node = document;
  for (const step of steps) node = (node[step] ??= {}) as Tree;
  node[last] = value;
}

function putActivity(document: Tree, fields: AlertFields): void {
  const connection = readConnection(fields);
  if (connection !== undefined) {
    const { source, destination, transport } = connection;
    if (!isEmpty(source)) document["source"] = withAddress(source);
    if (!isEmpty(destination)) document["destination"] = withAddress(destination);
    if (transport !== undefined) document["network"] = { transport };
  }
  const path = readFilePath(fields);
  if (path !== undefined) document["file"] = { path, name: path.slice(path.lastIndexOf("/") + 1) };
}

function withAddress(endpoint: { readonly ip?: string; readonly port?: number }): Tree {
  return { ...endpoint, ...(endpoint.ip === undefined ? {} : { address: endpoint.ip }) };
}

function putThreat(document: Tree, tags: readonly string[]): void {
  const { tactics, techniques } = readMitre(tags);
  if (tactics.length === 0 && techniques.length === 0) return;
  const subIds = techniques.flatMap(({ subId }) => subId === undefined ? [] : [subId]);
  document["threat"] = {
    framework: "MITRE ATT&CK",
    ...(tactics.length === 0
      ? {}
      : { tactic: { id: tactics.map(({ id }) => id), name: tactics.map(({ name }) => name) } }),
    ...(techniques.length === 0 ? {} : {
      technique: {
        id: [...new Set(techniques.map(({ id }) => id))],
        ...(subIds.length === 0 ? {} : { subtechnique: { id: subIds } }),
      },
    }),
  };
}

/** What people pivot on, in one place. */
function putRelated(document: Tree, hostname: string): void {
  const user = (document["user"] as { name?: string } | undefined)?.name;
  const ends = [document["source"], document["destination"]] as ({ ip?: string } | undefined)[];
  const ips = [...new Set(ends.flatMap((end) => end?.ip ?? []))];
  document["related"] = {
    hosts: [hostname],
    ...(user === undefined ? {} : { user: [user] }),
    ...(ips.length === 0 ? {} : { ip: ips }),
  };
}
