// What an alert is about, as an Evidence Artifacts object of OCSF: the process and its user, file, endpoints, container.
// In: fields. Out: the object, empty when there is none of them.
// OCSF refuses objects that lack certain attributes; what could not be complete stays with the other fields.

import { type Endpoint, isEmpty, readConnection, readFilePath } from "./activity.ts";
import type { AlertFields } from "./alert_fields.ts";

const DIRECTION_UNKNOWN = 0;
const TYPE_UNKNOWN = 0;
/** fd.typechar → file.type_id */
const FILE_TYPES: Readonly<Record<string, number>> = { f: 1, d: 2, u: 5, p: 6 };

type Part = Record<string, unknown>;

export function readEvidence(fields: AlertFields): Part {
  const user = compact({ name: fields.text("user.name"), uid: fields.text("user.uid") });
  const process = readProcess(fields, user);
  const connection = readConnection(fields);
  const container = readContainer(fields);
  const evidence = compact({
    actor: process === undefined ? compact({ app_name: fields.text("proc.name"), user }) : { process },
    file: readFile(fields),
    src_endpoint: readEndpoint(connection?.source),
    dst_endpoint: readEndpoint(connection?.destination),
    connection_info: connection?.transport === undefined
      ? undefined
      : { direction_id: DIRECTION_UNKNOWN, protocol_name: connection.transport },
  });
  if (container === undefined) return evidence ?? {};
  // a container alone would be no evidence
  return { ...evidence ?? { resources: [{ type: "container", uid: container["uid"] }] }, container };
}

function readProcess(fields: AlertFields, user: Part | undefined): Part | undefined {
  const pid = fields.count("proc.pid");
  // without its number it is none; what is known of it is with the other fields
  if (pid === undefined) return undefined;
  const ppid = fields.count("proc.ppid");
  const group = user && compact({ name: fields.text("group.name"), uid: fields.text("group.gid") });
  return compact({
    pid,
    tid: fields.count("thread.tid"),
    name: fields.text("proc.name"),
    cmd_line: fields.text("proc.cmdline"),
    working_directory: fields.text("proc.cwd"),
    file: programFile(fields.text("proc.exepath")),
    user: group === undefined ? user : { ...user, groups: [group] },
    parent_process: ppid === undefined ? undefined : compact({
      pid: ppid,
      name: fields.text("proc.pname"),
      cmd_line: fields.text("proc.pcmdline"),
      file: programFile(fields.text("proc.pexepath")),
    }),
  });
}

function programFile(path: string | undefined): Part | undefined {
  return path === undefined ? undefined : { path, name: baseName(path), type_id: 1 };
}

function readFile(fields: AlertFields): Part | undefined {
  const path = readFilePath(fields);
  if (path === undefined) return undefined;
  const type = FILE_TYPES[String(fields.peek("fd.typechar"))] ?? TYPE_UNKNOWN;
  return { path, name: baseName(path), type_id: type };
}

/** The root directory has no other name. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1) || path;
}

function readContainer(fields: AlertFields): Part | undefined {
  const uid = fields.peek("container.id");
  if (typeof uid !== "string" || uid === "" || uid === "host") return undefined;
  const name = fields.text("container.image.repository");
  const imageUid = fields.text("container.image.digest", "container.image.id", "container.image") ?? name;
  const tag = imageUid && fields.text("container.image.tag");
  const pod = fields.text("k8s.pod.name");
  return compact({
    uid: fields.text("container.id"),
    name: fields.text("container.name"),
    image: imageUid === undefined ? undefined : compact({ uid: imageUid, name, tag }),
    orchestrator: pod === undefined ? undefined : "kubernetes",
    labels: pod === undefined ? undefined : [`k8s.pod.name:${pod}`, ...namespaceLabel(fields)],
    runtime: fields.text("container.type"),
  });
}

function namespaceLabel(fields: AlertFields): string[] {
  const namespace = fields.text("k8s.ns.name");
  return namespace === undefined ? [] : [`k8s.ns.name:${namespace}`];
}

function readEndpoint(endpoint: Endpoint | undefined): Part | undefined {
  // a port alone is no endpoint
  return endpoint?.ip === undefined ? undefined : { ...endpoint };
}

/** Without what is absent; absent itself when nothing is left. */
function compact(part: Part): Part | undefined {
  const entries = Object.entries(part).filter(([, value]) => value !== undefined);
  const left = Object.fromEntries(entries);
  return isEmpty(left) ? undefined : left;
}
