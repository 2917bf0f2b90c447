// What Docker's answers to `inspect` say about a container.
// In: JSON of the container, of its image, of the network that it uses. Out: facts.

import {
  type ContainerFacts,
  DEFAULT_CPU_PERIOD,
  DEFAULT_CPU_SHARES,
  makeFacts,
  type Mount,
  type PortMapping,
} from "../container_facts.ts";
import { bareImageId, isImageId, parseImageReference } from "../image_reference.ts";
import {
  cpuCountOf,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  secondsOf,
  textOf,
  textsOf,
} from "../../../base/mod.ts";

export function dockerFacts(
  type: number,
  container: JsonObject,
  image: JsonObject,
  network: JsonObject,
): ContainerFacts {
  const config = objectAt(container, "Config");
  const host = objectAt(container, "HostConfig");
  const name = textOf(container["Name"]).replace(/^\//, "");
  return makeFacts(type, textOf(container["Id"]), {
    name,
    image: textOf(config["Image"]),
    ...imageParts(textOf(config["Image"]), image),
    imageid: bareImageId(textOf(image["Id"]) || textOf(container["Image"])),
    User: textOf(config["User"]),
    ...limitsOf(host),
    created_time: secondsOf(container["Created"]),
    env: textsOf(config["Env"]),
    host_ipc: host["IpcMode"] === "host",
    host_network: host["NetworkMode"] === "host",
    host_pid: host["PidMode"] === "host",
    ip: addressOf(network),
    is_pod_sandbox: name.includes("k8s_POD"),
    labels: labelsOf(config["Labels"]),
    privileged: host["Privileged"] === true,
    port_mappings: portMappings(objectAt(container, "NetworkSettings")["Ports"]),
    Mounts: mountsOf(container["Mounts"]),
    size: container["SizeRw"] === undefined ? -1 : numberOf(container["SizeRw"]),
  });
}

/**
 * Repository and tag as the container was started with, and the digest that the registry knows this image by. An image
 * that was named by its number has the first of its names.
 */
function imageParts(reference: string, image: JsonObject) {
  const tags = textsOf(image["RepoTags"]);
  const digests = textsOf(image["RepoDigests"]).map(parseImageReference);
  let { repository, tag, digest } = parseImageReference(reference);
  if (repository === "" || isImageId(repository)) {
    const first = tags[0] === undefined ? undefined : parseImageReference(tags[0]);
    repository = first?.repository ?? digests[0]?.repository ?? repository;
    tag = first?.tag ?? "";
  } else if (tag === "" && digest === "") {
    const names = tags.map(parseImageReference).filter((name) => name.repository === repository);
    tag = names.some((name) => name.tag === "latest") ? "latest" : names[0]?.tag ?? "";
  }
  if (digest === "") {
    digest = (digests.find((name) => name.repository === repository) ?? digests[0])?.digest ?? "";
  }
  return { imagerepo: repository, imagetag: tag, imagedigest: digest };
}

export function limitsOf(host: JsonObject) {
  return {
    cpu_period: numberOf(host["CpuPeriod"]) || DEFAULT_CPU_PERIOD,
    cpu_quota: numberOf(host["CpuQuota"]),
    cpu_shares: numberOf(host["CpuShares"]) || DEFAULT_CPU_SHARES,
    cpuset_cpu_count: cpuCountOf(host["CpusetCpus"]),
    memory_limit: numberOf(host["Memory"]),
    swap_limit: numberOf(host["MemorySwap"]),
  };
}

/** The address in the default network, or in the first of others. */
export function addressOf(network: JsonObject): string {
  const own = textOf(network["IPAddress"]);
  if (own !== "") return own;
  const others = Object.values(objectOf(network["Networks"])).map((one) =>
    textOf(objectOf(one)["IPAddress"])
  );
  return others.find((address) => address !== "") ?? "";
}

export function mountsOf(value: unknown): Mount[] {
  return listOf(value).map((item) => {
    const mount = objectOf(item);
    return {
      Source: textOf(mount["Source"]),
      Destination: textOf(mount["Destination"]),
      Mode: textOf(mount["Mode"]),
      RW: mount["RW"] === true,
      Propagation: textOf(mount["Propagation"]),
    };
  });
}

/** Ports of TCP that are open on IPv4 addresses of the host: `"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]`. */
export function portMappings(value: unknown): PortMapping[] {
  return Object.entries(objectOf(value)).flatMap(([port, bindings]) => {
    const containerPort = /^(\d{1,5})\/tcp$/.exec(port)?.[1];
    if (containerPort === undefined) return [];
    return listOf(bindings).flatMap((item) => {
      const binding = objectOf(item);
      const address = textOf(binding["HostIp"]) || "0.0.0.0";
      if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return [];
      const HostIp = address.split(".").reduce((number, byte) => number * 256 + Number(byte), 0);
      return [{ HostIp, HostPort: numberOf(binding["HostPort"]), ContainerPort: Number(containerPort) }];
    });
  });
}
