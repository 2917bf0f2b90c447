// Fields about the pod that an audit event asks for: ka.req.pod.*, ka.req.container.*, ka.req.volume.hostpath.
// In: an event. Out: a value for each container, or for the one that a rule names.
// A container of which nothing is said in a list of flags is left out; where a name or an image is missing, the whole
// field has no value, as in Falco.

import type { Extractors, FieldText, FieldValue, JsonEvent } from "../json/event_fields.ts";
import type { JsonDocument } from "../json/json_document.ts";
import type { Step } from "../json/json_path.ts";
import { steps, textsOf, values } from "./audit_paths.ts";

const SPEC = ["requestObject", "spec"];
const KINDS = ["containers", "initContainers", "ephemeralContainers"] as const;

/** @param index of one container or volume; all of them without it */
type PodField = (event: JsonEvent, index?: number) => FieldValue;

const SINGLE: Readonly<Record<string, readonly string[]>> = {
  ka_req_pod_host_ipc: ["hostIPC"],
  ka_req_pod_host_network: ["hostNetwork"],
  ka_req_pod_host_pid: ["hostPID"],
  ka_req_container_host_network: ["hostNetwork"],
  ka_req_pod_run_as_user: ["securityContext", "runAsUser"],
  ka_req_pod_run_as_group: ["securityContext", "runAsGroup"],
  ka_req_pod_fs_group: ["securityContext", "fsGroup"],
};

/** What is in each container, below its own key. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  privileged: ["securityContext", "privileged"],
  allow_privilege_escalation: ["securityContext", "allowPrivilegeEscalation"],
  read_only_fs: ["securityContext", "readOnlyRootFilesystem"],
  run_as_user: ["securityContext", "runAsUser"],
  run_as_group: ["securityContext", "runAsGroup"],
  proc_mount: ["securityContext", "procMount"],
};

const HOST_PATHS = steps([...SPEC, "volumes", "hostPath", "path"]);
const FLEX_DRIVERS = steps([...SPEC, "volumes", "flexVolume", "driver"]);
const VOLUMES = steps([...SPEC, "volumes"]);
const GROUPS = steps([...SPEC, "securityContext", "supplementalGroups"]);
const [HOST_PORT, CONTAINER_PORT] = steps(["hostPort", "containerPort"]) as [Step, Step];

const at = (path: readonly Step[]): PodField => ({ document }, index) =>
  textsOf(document, values(document, path, index), "as they are");

/** One value for each container, or none at all. */
const each = (
  path: readonly Step[],
  make = (document: JsonDocument, token: number): FieldText => (void document, token),
): PodField =>
({ document }, index) => {
  const found = values(document, path, index);
  return found === undefined || found.includes(-1) ? undefined : found.map((token) => make(document, token));
};

/** Without tag and digest. As in Falco, what follows the first colon is taken for a tag, even when it is a port. */
function repository(document: JsonDocument, token: number): string {
  return document.text(token).split(":")[0]!.split("@")[0]!;
}

/** The words of each container's command, with blanks between them. */
const words = (path: readonly Step[]): PodField => ({ document }, index) => {
  const found = (values(document, path, index) ?? []).filter((token) => token >= 0);
  const lines: string[] = [];
  for (const token of found) {
    if (!document.isArray(token)) return undefined;
    const elements = document.elements(token);
    if (!elements.every((element) => document.isString(element))) return undefined;
    lines.push(elements.map((element) => document.text(element)).join(" "));
  }
  return lines;
};

/** Ports of the node; for a port without one that of the container, which is the same in the node's network. */
const ports = (path: readonly Step[]): PodField => ({ document }, index) => {
  const found: FieldText[] = [];
  for (const array of values(document, path, index) ?? []) {
    if (array < 0) continue;
    if (!document.isArray(array)) return undefined;
    for (const port of document.elements(array)) {
      const own = document.member(port, HOST_PORT);
      const token = own >= 0 ? own : document.member(port, CONTAINER_PORT);
      if (token >= 0) found.push(token);
    }
  }
  return found;
};

/** The container's own, else the pod's, else 0. */
function effective(kind: string, key: string): PodField {
  const own = steps([...SPEC, kind, "securityContext", key]), pod = steps([...SPEC, "securityContext", key]);
  const all = steps([...SPEC, kind]);
  return ({ document }, index) => {
    if (document.find(all) < 0) return undefined;
    const podToken = document.find(pod);
    const fallback: FieldText = podToken < 0 ? "0" : podToken;
    const found = values(document, own, index) ?? (index === undefined ? undefined : [-1]);
    return found?.map((token) => token < 0 ? fallback : token);
  };
}

function capabilities(kind: string): PodField {
  const path = steps([...SPEC, kind, "securityContext", "capabilities", "add"]);
  return ({ document }, index) => textsOf(document, values(document, path, index), "as they are");
}

/** What each volume is, besides its name. */
function volumeTypes({ document }: JsonEvent, index?: number): FieldValue {
  const array = document.find(VOLUMES);
  if (array < 0 || !document.isArray(array)) return undefined;
  const elements = document.elements(array);
  return (index === undefined ? elements : elements.slice(index, index + 1))
    .flatMap((volume) =>
      document.isObject(volume) ? document.keys(volume).filter((key) => key !== "name") : []
    );
}

function supplementalGroups({ document }: JsonEvent): FieldValue {
  const token = document.find(GROUPS);
  return token < 0 || !document.isArray(token) ? undefined : document.elements(token);
}

/** Whether one of the volumes is this path of the node; a star at its end stands for anything. */
const mounts = (argument: string) => ({ document }: JsonEvent): FieldValue => {
  const paths = values(document, HOST_PATHS);
  if (paths === undefined) return undefined;
  const start = argument.endsWith("*") ? argument.slice(0, -1) : undefined;
  const found = paths.some((token) => {
    if (token < 0) return false;
    const path = document.text(token);
    return path === argument || (start !== undefined && path.startsWith(start));
  });
  return String(found);
};

function ofContainers(kind: typeof KINDS[number]): Record<string, PodField> {
  const path = (...names: string[]) => steps([...SPEC, kind, ...names]);
  return {
    name: each(path("name")),
    image: each(path("image")),
    "image_repository": each(path("image"), repository),
    command: words(path("command")),
    args: words(path("args")),
    ...kind === "ephemeralContainers" ? {} : { "host_port": ports(path("ports")) },
    ...Object.fromEntries(Object.entries(FLAGS).map(([name, keys]) => [name, at(path(...keys))])),
    "eff_run_as_user": effective(kind, "runAsUser"),
    "eff_run_as_group": effective(kind, "runAsGroup"),
    "add_capabilities": capabilities(kind),
  };
}

const INDEXED: Readonly<Record<string, PodField>> = {
  ...Object.fromEntries(
    KINDS.flatMap((kind) =>
      Object.entries(ofContainers(kind)).map(([name, field]) => [`ka_req_pod_${kind}_${name}`, field])
    ),
  ),
  ka_req_pod_volumes_hostpath: at(HOST_PATHS),
  ka_req_pod_volumes_flexvolume_driver: at(FLEX_DRIVERS),
  ka_req_pod_volumes_volume_type: volumeTypes,
};

const first = (field: PodField) => (event: JsonEvent): FieldValue => {
  const value = field(event, 0);
  return Array.isArray(value) ? value[0] : undefined;
};

const PRIVILEGED = steps([...SPEC, "containers", ...FLAGS["privileged"]!]);

function anyPrivileged({ document }: JsonEvent): FieldValue {
  const found = values(document, PRIVILEGED);
  return found === undefined
    ? undefined
    : String(found.some((token) => token >= 0 && document.text(token) === "true"));
}

export const POD_EXTRACTORS: Extractors = {
  plain: {
    ...Object.fromEntries(
      Object.entries(SINGLE).map(([name, path]) => {
        const place = steps([...SPEC, ...path]);
        return [name, ({ document }: JsonEvent): FieldValue => {
          const token = document.find(place);
          return token < 0 ? undefined : token;
        }];
      }),
    ),
    ...Object.fromEntries(
      Object.entries(INDEXED).map(([name, field]) => [`${name}_all`, (event: JsonEvent) => field(event)]),
    ),
    ka_req_pod_supplemental_groups: supplementalGroups,
    ka_req_container_image: first(INDEXED["ka_req_pod_containers_image"]!),
    ka_req_container_image_repository: first(INDEXED["ka_req_pod_containers_image_repository"]!),
    ka_req_container_privileged: anyPrivileged,
  },
  indexed: INDEXED,
  named: { ka_req_volume_hostpath: mounts },
};
