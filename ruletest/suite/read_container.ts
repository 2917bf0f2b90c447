// Containers and pods of a test file.
// In: the values of `containers` and `in`. Out: containers with ids, cgroups and what a runtime says about them.
// What is not written is made up from the name, the same way each time.

import { createHash } from "node:crypto";
import { CONTAINER_TYPE } from "../../schema/mod.ts";
import { didYouMean } from "../../base/mod.ts";
import { short, type YamlMap, type YamlNode } from "../../rules/mod.ts";
import type { Container, Pod } from "../scenario/world.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";

export const CONTAINER_KEYS = [
  ...[
    "image",
    "name",
    "id",
    "engine",
    "privileged",
    "labels",
    "mounts",
    "host_network",
    "host_pid",
    "host_ipc",
  ],
  ...["ip", "image_id", "image_digest", "pod", "known"],
] as const;
export const POD_KEYS = ["name", "namespace", "uid", "labels", "ip", "deployment", "services"] as const;
export const ENGINES = ["docker", "podman", "containerd", "cri", "cri_o"] as const;

const CGROUPS: Readonly<Record<typeof ENGINES[number], (id: string) => string>> = {
  docker: (id) => `/system.slice/docker-${id}.scope`,
  podman: (id) => `/machine.slice/libpod-${id}.scope`,
  containerd: (id) => `/system.slice/nerdctl-${id}.scope`,
  cri: (id) => `/system.slice/cri-containerd-${id}.scope`,
  cri_o: (id) => `/system.slice/crio-${id}.scope`,
};

export class Containers {
  readonly #named = new Map<string, Container>();

  constructor(readonly reader: NodeReader, node: YamlNode | undefined) {
    const map = node === undefined ? undefined : reader.map(node, "`containers`");
    for (const { key, value } of map === undefined ? [] : entriesOf(map)) {
      const container = this.read(value, key.value);
      if (container !== undefined) this.#named.set(key.value, container);
    }
  }

  /** A name of `containers`, or a container as it is. */
  of(node: YamlNode): Container | undefined {
    if (node.kind !== "scalar") return this.read(node, "container");
    const found = this.#named.get(node.value);
    if (found !== undefined) return found;
    return this.reader.fail("invalid-test", node, `there is no container \`${short(node.value)}\``, {
      hint: didYouMean(node.value, this.#named.keys()) ??
        "define it in `containers`, or write `{image: …}` in its place",
    });
  }

  read(node: YamlNode, fallbackName: string): Container | undefined {
    const { reader } = this;
    const map = reader.map(node, "a container", CONTAINER_KEYS);
    if (map === undefined) return undefined;
    const name = textOf(reader, map, "name") ?? fallbackName;
    const podNode = valueOf(map, "pod");
    const pod = podNode === undefined ? undefined : readPod(reader, podNode);
    const engine = reader.word(valueOf(map, "engine"), "`engine`", ENGINES) ??
      (pod === undefined ? "docker" : "cri");
    const id = fullId(reader, valueOf(map, "id"), name);
    const inPod = pod === undefined
      ? ""
      : `/kubepods.slice/kubepods-pod${pod.uid.replaceAll("-", "_")}.slice`;
    const path = CGROUPS[engine](id);
    const cgroup = pod === undefined ? path : inPod + path.slice(path.lastIndexOf("/"));
    const isKnown = reader.flag(valueOf(map, "known"), "`known`") ?? true;
    const facts = isKnown ? factsOf(reader, map, { id, name, engine, pod }) : undefined;
    return { id, cgroup, facts, ...(pod === undefined ? {} : { pod }) };
  }
}

function factsOf(
  reader: NodeReader,
  map: YamlMap,
  { id, name, engine, pod }: {
    id: string;
    name: string;
    engine: keyof typeof CONTAINER_TYPE;
    pod: Pod | undefined;
  },
): Record<string, unknown> {
  const image = textOf(reader, map, "image") ?? "";
  const { repository, tag } = splitImage(image);
  const flag = (key: string) => reader.flag(valueOf(map, key), `\`${key}\``) ?? false;
  const own = pairsOf(reader, valueOf(map, "labels"), "`labels`");
  const ofPod = pod === undefined ? {} : {
    "io.kubernetes.pod.name": pod.name,
    "io.kubernetes.pod.namespace": pod.namespace,
    "io.kubernetes.pod.uid": pod.uid,
    "io.kubernetes.container.name": name,
  };
  return {
    type: CONTAINER_TYPE[engine],
    id: id.slice(0, 12),
    full_id: id,
    name: pod === undefined ? name : `k8s_${name}_${pod.name}_${pod.namespace}_${pod.uid}_0`,
    image,
    imagerepo: repository,
    imagetag: tag,
    imageid: textOf(reader, map, "image_id") ?? digest(`image ${image}`),
    imagedigest: textOf(reader, map, "image_digest") ?? `sha256:${digest(`digest ${image}`)}`,
    ip: textOf(reader, map, "ip") ?? pod?.ip ?? "172.17.0.2",
    privileged: flag("privileged"),
    host_network: flag("host_network"),
    host_pid: flag("host_pid"),
    host_ipc: flag("host_ipc"),
    labels: { ...ofPod, ...own },
    Mounts: mountsOf(reader, valueOf(map, "mounts")),
    ...(pod === undefined ? {} : { pod_sandbox_id: pod.sandboxId, pod_sandbox_labels: pod.labels }),
  };
}

/** `SOURCE:DESTINATION[:ro]`, as on the command line of a runtime. */
function mountsOf(reader: NodeReader, node: YamlNode | undefined): Record<string, unknown>[] {
  return reader.list(node).flatMap((item) => {
    const written = reader.text(item, "a mount");
    if (written === undefined) return [];
    const [source, destination, mode = "rw"] = written.split(":");
    if (!source || !destination) {
      reader.fail("invalid-test", item, `\`${short(written)}\` is no mount`, {
        hint: "write SOURCE:DESTINATION or SOURCE:DESTINATION:ro",
      });
      return [];
    }
    return [{
      Source: source,
      Destination: destination,
      Mode: mode,
      RW: mode !== "ro",
      Propagation: "rprivate",
    }];
  });
}

export function readPod(reader: NodeReader, node: YamlNode): Pod | undefined {
  if (node.kind === "scalar") return makePod({ name: node.value });
  const map = reader.map(node, "a pod", POD_KEYS);
  if (map === undefined) return undefined;
  const name = textOf(reader, map, "name");
  if (name === undefined) return reader.fail("missing-key", node, "a pod has no `name`");
  return makePod({
    name,
    namespace: textOf(reader, map, "namespace"),
    uid: textOf(reader, map, "uid"),
    labels: pairsOf(reader, valueOf(map, "labels"), "`labels`"),
    ip: textOf(reader, map, "ip"),
    deployment: textOf(reader, map, "deployment"),
    services: reader.texts(valueOf(map, "services"), "`services`"),
  });
}

interface WrittenPod {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly uid?: string | undefined;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ip?: string | undefined;
  readonly deployment?: string | undefined;
  readonly services?: readonly string[];
}

function makePod(
  { name, namespace = "default", uid, labels = {}, ip = "10.244.0.10", deployment, services = [] }:
    WrittenPod,
): Pod {
  const sandboxId = digest(`sandbox ${namespace}/${name}`);
  return {
    name,
    namespace,
    uid: uid ?? uuidOf(`pod ${namespace}/${name}`),
    labels,
    ip,
    sandboxId,
    services,
    ...(deployment === undefined ? {} : { deployment }),
  };
}

/** A short id is completed. */
function fullId(reader: NodeReader, node: YamlNode | undefined, name: string): string {
  const written = reader.text(node, "`id` of a container");
  if (written === undefined) return digest(`container ${name}`);
  if (/^[0-9a-f]{12,64}$/.test(written)) return written.padEnd(64, "0");
  reader.fail("invalid-test", node!, `\`${short(written)}\` is no id of a container`, {
    hint: "write 12 to 64 hexadecimal digits, or leave it out",
  });
  return digest(name);
}

function splitImage(image: string): { repository: string; tag: string } {
  const match = /^(.*?)(?::([^:/@]+))?(?:@.*)?$/.exec(image)!;
  return { repository: match[1]!, tag: match[2] ?? (image === "" ? "" : "latest") };
}

export function pairsOf(
  reader: NodeReader,
  node: YamlNode | undefined,
  what: string,
): Record<string, string> {
  const map = node === undefined ? undefined : reader.map(node, what);
  const pairs = map === undefined ? [] : entriesOf(map).flatMap(({ key, value }) => {
    const text = reader.text(value, `\`${short(key.value)}\` of ${what}`);
    return text === undefined ? [] : [[key.value, text] as const];
  });
  return Object.fromEntries(pairs);
}

function textOf(reader: NodeReader, map: YamlMap, key: string): string | undefined {
  return reader.text(valueOf(map, key), `\`${key}\``);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function uuidOf(text: string): string {
  return digest(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
