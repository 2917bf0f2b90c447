// Which engines could know a container.
// In: what the name of its cgroup says of its maker. Out: whether an engine is worth asking.

import { CONTAINER_TYPE } from "../../schema/mod.ts";
import type { EngineKind } from "./engine_description.ts";

/** A cgroup says who made it; containers of several engines look like those of CRI. */
export function couldKnow(engine: EngineKind, type: number): boolean {
  switch (type) {
    case CONTAINER_TYPE.docker:
      return engine === "docker" || engine === "cri";
    case CONTAINER_TYPE.podman:
      return engine === "podman" || engine === "podman_storage" || engine === "docker";
    case CONTAINER_TYPE.cri_o:
      return engine === "cri";
    case CONTAINER_TYPE.cri:
    case CONTAINER_TYPE.containerd:
      return engine === "cri" || engine === "containerd";
    case CONTAINER_TYPE.mesos:
    case CONTAINER_TYPE.rkt:
    case CONTAINER_TYPE.systemd_nspawn:
      return false;
    default:
      return true;
  }
}
