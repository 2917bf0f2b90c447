// Fields of the container in which the event happened. The id and the start of its pid namespace come from the
// thread; the rest has no value until a record has described the container (state/parsers/container_record.ts).
// Elsewhere: mounts (container_mount.ts), labels of containers and pods (container_labels.ts).

import { dayNs, eventDayNs } from "../event";
import { EMPTY, literal } from "../strings/literal";
import { ContainerFlag, ContainerType } from "../state/container";
import { currentContainer, isNone } from "../state/container_table";
import { idOfKey } from "../state/containers";
import { currentThread } from "../state/current";
import { NO_NUMBER } from "../strings/view";
import { noThread } from "./process";
import { textOf } from "./text";

const HOST = literal("host");
const DOCKER = literal("docker");
const LXC = literal("lxc");
const LIBVIRT_LXC = literal("libvirt-lxc");
const MESOS = literal("mesos");
const RKT = literal("rkt");
const CRI = literal("cri");
const CONTAINERD = literal("containerd");
const CRIO = literal("cri-o");
const BPM = literal("bpm");
const PODMAN = literal("podman");
const SYSTEMD_NSPAWN = literal("systemd-nspawn");

/** Id, mostly 12 characters; `host` outside of containers. */
export function container_id(): u64 {
  const container = currentContainer();
  if (!isNone(container)) return container.id == 0 ? EMPTY : idOfKey(container.id);
  return noThread() || currentThread.containerId == 0 ? 0 : idOfKey(currentThread.containerId);
}

export function container_full_id(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.fullId);
}

export function container_name(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.name);
}

export function container_image(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.image);
}

export function container_image_id(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.imageId);
}

export function container_image_repository(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.imageRepository);
}

export function container_image_tag(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.imageTag);
}

export function container_image_digest(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.imageDigest);
}

export function container_ip(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.ip);
}

export function container_cni_json(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : textOf(container.cni);
}

export function container_type(): u64 {
  const container = currentContainer();
  return isNone(container) ? 0 : typeName(container.type);
}

/** Other engines have no name: Falco gives none to those that were set by hand. */
function typeName(type: u32): u64 {
  switch (type) {
    case ContainerType.DOCKER:
      return DOCKER;
    case ContainerType.LXC:
      return LXC;
    case ContainerType.LIBVIRT_LXC:
      return LIBVIRT_LXC;
    case ContainerType.MESOS:
      return MESOS;
    case ContainerType.RKT:
      return RKT;
    case ContainerType.CRI:
      return CRI;
    case ContainerType.CONTAINERD:
      return CONTAINERD;
    case ContainerType.CRIO:
      return CRIO;
    case ContainerType.BPM:
      return BPM;
    case ContainerType.PODMAN:
      return PODMAN;
    case ContainerType.SYSTEMD_NSPAWN:
      return SYSTEMD_NSPAWN;
    case ContainerType.HOST:
      return HOST;
    default:
      return EMPTY;
  }
}

function hasFlag(flag: u32): i64 {
  const container = currentContainer();
  return isNone(container) ? NO_NUMBER : <i64>((container.flags & flag) != 0);
}

export function container_privileged(): i64 {
  return hasFlag(ContainerFlag.PRIVILEGED);
}

export function container_host_pid(): i64 {
  return hasFlag(ContainerFlag.HOST_PID);
}

export function container_host_network(): i64 {
  return hasFlag(ContainerFlag.HOST_NETWORK);
}

export function container_host_ipc(): i64 {
  return hasFlag(ContainerFlag.HOST_IPC);
}

export function container_start_ts(): i64 {
  if (noThread() || currentThread.pidnsInitStartNs == 0) return NO_NUMBER;
  return <i64>dayNs(currentThread.pidnsInitStartNs);
}

export function container_duration(): i64 {
  const start = container_start_ts();
  return start == NO_NUMBER ? start : <i64>eventDayNs() - start;
}
