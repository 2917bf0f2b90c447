// What the answers of the Container Runtime Interface say about a container, and about a pod's sandbox.
// In: decoded messages; `info` is JSON that each runtime words in its own way. Out: facts.

import {
  type ContainerFacts,
  DEFAULT_CPU_PERIOD,
  DEFAULT_CPU_SHARES,
  type Labels,
  makeFacts,
} from "../container_facts.ts";
import { askedImage } from "../asked_image.ts";
import { bareImageId, parseImageReference } from "../image_reference.ts";
import {
  cpuCountOf,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  parseJson,
  textOf,
} from "../../../base/mod.ts";
import { NAMESPACE_NODE, PROPAGATIONS } from "../protocol/cri_proto.ts";

const MAX_NETWORK_CHARACTERS = 4096;
const IMAGE_NAMES = [
  "io.kubernetes.cri.image-name",
  "io.kubernetes.cri-o.ImageName",
  "io.kubernetes.cri-o.Image",
];

export function criFacts(type: number, answer: JsonObject, sandboxAnswer: JsonObject): ContainerFacts {
  const status = objectAt(answer, "status");
  const info = objectOf(parseJson(textOf(objectAt(answer, "info")["info"])));
  const sandbox = objectAt(sandboxAnswer, "status");
  const sandboxId = textOf(sandbox["id"]);
  const linux = objectAt(status, "resources", "linux");
  const cpu = objectAt(info, "runtimeSpec", "linux", "resources", "cpu");
  const memory = objectAt(info, "runtimeSpec", "linux", "resources", "memory");
  return makeFacts(type, textOf(status["id"]), {
    name: textOf(objectAt(status, "metadata")["name"]),
    ...imageParts(status, info),
    User: String(
      numberOf(objectAt(status, "user", "linux")["uid"]) ||
        numberOf(objectAt(info, "runtimeSpec", "process", "user")["uid"]),
    ),
    cni_json: networkOf(sandboxAnswer),
    // runtimes of before 2023 tell limits in the configuration only
    cpu_period: numberOf(linux["cpu_period"]) || numberOf(cpu["period"]) || DEFAULT_CPU_PERIOD,
    cpu_quota: numberOf(linux["cpu_quota"]) || numberOf(cpu["quota"]),
    cpu_shares: numberOf(linux["cpu_shares"]) || numberOf(cpu["shares"]) || DEFAULT_CPU_SHARES,
    cpuset_cpu_count: cpuCountOf(textOf(linux["cpuset_cpus"]) || cpu["cpus"]),
    memory_limit: numberOf(linux["memory_limit_in_bytes"]) || numberOf(memory["limit"]),
    swap_limit: numberOf(linux["memory_swap_limit_in_bytes"]) || numberOf(memory["swap"]),
    created_time: Math.floor(numberOf(status["created_at"]) / 1e9),
    env: listOf(objectAt(info, "config")["envs"]).map((item) => {
      const { key, value } = objectOf(item);
      return `${textOf(key)}=${textOf(value)}`;
    }),
    ...sharedNamespaces(sandbox),
    ip: textOf(objectAt(sandbox, "network")["ip"]),
    labels: { ...labelsOf(status["labels"]), ...podLabels(sandbox) },
    pod_sandbox_id: sandboxId,
    pod_sandbox_labels: labelsOf(sandbox["labels"]),
    privileged: isPrivileged(info),
    Mounts: listOf(status["mounts"]).map((item) => {
      const mount = objectOf(item);
      return {
        Source: textOf(mount["host_path"]),
        Destination: textOf(mount["container_path"]),
        Mode: "",
        RW: mount["readonly"] !== true,
        Propagation: PROPAGATIONS[numberOf(mount["propagation"])] ?? "unknown",
      };
    }),
  });
}

/** The container that holds the namespaces of a pod. */
export function sandboxFacts(type: number, sandbox: JsonObject, info: JsonObject): ContainerFacts {
  const id = textOf(sandbox["id"]);
  const details = objectOf(parseJson(textOf(info["info"])));
  const image = textOf(details["image"]) ||
    textOf(objectAt(details, "runtimeSpec", "annotations")["io.kubernetes.cri-o.ImageName"]);
  const { repository, tag, digest } = parseImageReference(image);
  return makeFacts(type, id, {
    name: textOf(objectAt(sandbox, "metadata")["name"]),
    image,
    imagerepo: repository,
    imagetag: tag,
    imagedigest: digest,
    cni_json: networkOf({ info }),
    created_time: Math.floor(numberOf(sandbox["created_at"]) / 1e9),
    ...sharedNamespaces(sandbox),
    ip: textOf(objectAt(sandbox, "network")["ip"]),
    is_pod_sandbox: true,
    labels: { ...labelsOf(sandbox["labels"]), ...podLabels(sandbox) },
    pod_sandbox_id: id,
    pod_sandbox_labels: labelsOf(sandbox["labels"]),
  });
}

/** The names by which the pod's fields are found. */
function podLabels(sandbox: JsonObject): Labels {
  const id = textOf(sandbox["id"]);
  const pod = objectAt(sandbox, "metadata");
  return {
    ...id === "" ? {} : { "io.kubernetes.sandbox.id": id },
    ...textOf(pod["name"]) === "" ? {} : {
      "io.kubernetes.pod.uid": textOf(pod["uid"]),
      "io.kubernetes.pod.name": textOf(pod["name"]),
      "io.kubernetes.pod.namespace": textOf(pod["namespace"]),
    },
  };
}

function sharedNamespaces(sandbox: JsonObject) {
  const { ipc, network, pid } = objectAt(sandbox, "linux", "namespaces", "options");
  return {
    host_ipc: ipc === NAMESPACE_NODE,
    host_network: network === NAMESPACE_NODE,
    host_pid: pid === NAMESPACE_NODE,
  };
}

function isPrivileged(info: JsonObject): boolean {
  const said = [
    objectAt(info, "runtimeSpec", "linux", "security_context")["privileged"],
    objectAt(info, "config", "linux", "security_context")["privileged"],
    info["privileged"],
  ];
  return said.find((value) => typeof value === "boolean") === true;
}

/** Interfaces of the pod as its network plugin returned them, as JSON. */
function networkOf(answer: JsonObject): string {
  const info = objectOf(parseJson(textOf(objectAt(answer, "info")["info"])));
  const interfaces = objectAt(info, "cniResult")["Interfaces"] ?? objectAt(info, "cniResult")["interfaces"];
  const text = interfaces === undefined || interfaces === null
    ? textOf(objectAt(info, "runtimeSpec", "annotations")["io.kubernetes.cri-o.CNIResult"])
    : JSON.stringify(withoutLoopback(interfaces));
  return text.slice(0, MAX_NETWORK_CHARACTERS);
}

function withoutLoopback(interfaces: unknown): unknown {
  const kept = Object.entries(objectOf(interfaces)).filter(([name]) => name !== "lo" && name !== "veth");
  return Object.fromEntries(kept);
}

/** What the pod asked for, since Kubernetes 1.29; earlier kubelets ask by the image's number and say nothing. */
export function userImage(image: JsonObject): string {
  return textOf(image["user_specified_image"]);
}

/**
 * `image_ref` is `repository@sha256:…` or `sha256:…`; the name may be the number of the image, then the container's
 * configuration may still know the real one.
 */
function imageParts(status: JsonObject, info: JsonObject) {
  const reference = textOf(status["image_ref"]);
  const named = textOf(objectAt(status, "image")["image"]);
  const annotations = objectAt(info, "runtimeSpec", "annotations");
  let image = named;
  let digest = "";
  if (reference.startsWith("sha256:")) digest = reference;
  else if (reference.includes("@sha256:")) {
    const { repository, digest: ofReference } = parseImageReference(reference);
    // an image under several names: repository and tag are of the same one
    if (named === "" || named.startsWith("sha256")) image = repository;
    digest = ofReference;
  }
  if (image === "" || image.startsWith("sha256")) {
    image = IMAGE_NAMES.map((key) => textOf(annotations[key])).find((name) => name !== "") ?? image;
  }
  image =
    askedImage(userImage(objectAt(status, "image")) || userImage(objectAt(info, "config", "image")), image) ||
    image;
  const { repository, tag } = parseImageReference(image);
  const configured = textOf(objectAt(info, "config", "image")["image"]);
  const imageid = configured.startsWith("sha256:") ? configured : textOf(status["image_id"]) || reference;
  return { image, imagerepo: repository, imagetag: tag, imagedigest: digest, imageid: bareImageId(imageid) };
}
