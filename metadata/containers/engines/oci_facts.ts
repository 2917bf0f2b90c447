// What the OCI configuration of a container says: the JSON that a runtime starts it from.
// In: config.json, or the same inside of an engine's answer. Out: facts; name, image and labels are not in it.

import {
  type ContainerFacts,
  DEFAULT_CPU_PERIOD,
  DEFAULT_CPU_SHARES,
  type Mount,
} from "../container_facts.ts";
import {
  cpuCountOf,
  type JsonObject,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  textOf,
  textsOf,
} from "../../../base/mod.ts";

const PODMAN_PRIVILEGED = "io.podman.annotations.privileged";

export function ociFacts(config: unknown): Partial<ContainerFacts> {
  const process = objectAt(config, "process");
  const linux = objectAt(config, "linux");
  const cpu = objectAt(linux, "resources", "cpu");
  const memory = objectAt(linux, "resources", "memory");
  const namespaces = listOf(linux["namespaces"]).map(objectOf);
  // a namespace that is shared with the host is left out
  const isHost = (type: string) => namespaces.length > 0 && !namespaces.some((one) => one["type"] === type);
  const annotations = objectAt(config, "annotations");
  return {
    User: String(numberOf(objectAt(process, "user")["uid"])),
    env: textsOf(process["env"]),
    cpu_period: numberOf(cpu["period"]) || DEFAULT_CPU_PERIOD,
    cpu_quota: numberOf(cpu["quota"]),
    cpu_shares: numberOf(cpu["shares"]) || DEFAULT_CPU_SHARES,
    cpuset_cpu_count: cpuCountOf(cpu["cpus"]),
    memory_limit: numberOf(memory["limit"]),
    swap_limit: numberOf(memory["swap"]),
    host_pid: isHost("pid"),
    host_network: isHost("network"),
    host_ipc: isHost("ipc"),
    privileged: annotations[PODMAN_PRIVILEGED] === undefined
      ? isPrivileged(objectOf(config))
      : annotations[PODMAN_PRIVILEGED] === "TRUE",
    Mounts: listOf(objectOf(config)["mounts"]).map(objectOf).filter(isFromHost).map(mountOf),
  };
}

/** What `--privileged` takes away: everything that hides or protects the host. */
function isPrivileged(config: JsonObject): boolean {
  const process = objectAt(config, "process");
  const linux = objectAt(config, "linux");
  if (listOf(linux["maskedPaths"]).length > 0 || listOf(linux["readonlyPaths"]).length > 0) return false;
  if (linux["seccomp"] !== undefined && linux["seccomp"] !== null) return false;
  const profile = textOf(process["apparmorProfile"]);
  if (textOf(process["selinuxLabel"]) !== "" || (profile !== "" && profile !== "unconfined")) return false;
  return listOf(config["mounts"]).map(objectOf).every(({ type, options }) =>
    (type !== "sysfs" && type !== "cgroup") || !listOf(options).includes("ro")
  );
}

/** Not /proc, /dev/pts and what else every container gets, nor files that the engine itself puts there. */
function isFromHost({ type, source }: JsonObject): boolean {
  return type === "bind" &&
    !/\/[0-9a-f]{64}\/(userdata|shm|hostname|hosts|resolv\.conf)(\/|$)/.test(textOf(source));
}

function mountOf(mount: JsonObject): Mount {
  const options = textsOf(mount["options"]);
  return {
    Source: textOf(mount["source"]),
    Destination: textOf(mount["destination"]),
    Mode: options.find((option) => option.startsWith("mode="))?.slice("mode=".length) ?? "",
    RW: !options.includes("ro"),
    Propagation: options.find((option) => /^r?(private|shared|slave)$/.test(option)) ?? "",
  };
}
