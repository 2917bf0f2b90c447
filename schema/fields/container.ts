// Fields of the container in which the event happened. The id comes from the cgroup of the process; what only
// the container engine knows has no value until a record of the engine's answer has come.

import { parseFields } from "./parse.ts";

export const CONTAINER_FIELDS = /* @__PURE__ */ parseFields(
  "container",
  `
container.id | str fn | First 12 characters of the container's id; host outside containers. | 3ad7b26ded6d
container.full_id | str fn | Whole id of the container.
container.name | str fn | Name of the container. | web-1
container.image | str fn | Image of the container with its tag. | docker.io/library/nginx:1.27
container.image.id | str fn | Id of the container's image.
container.type | str fn | Engine that runs the container: docker, podman, containerd, cri, cri-o, lxc, libvirt-lxc, bpm; host outside containers. | podman
container.privileged | bool fn | Whether the container runs privileged.
container.mounts | str c3 fn | All mounts of the container as source:destination:mode:writable:propagation.
container.mount | str c3 arg!index/name fn named | One mount, by position or by its source, in which the argument is searched as a regular expression.
container.mount.source | str c3 arg!index/name fn named | Source of a mount, by position or by its destination.
container.mount.dest | str c3 arg!index/name fn named | Destination of a mount, by position or by its source. | /host
container.mount.mode | str c3 arg!index/name fn named | Mode of a mount, by position or by its source.
container.mount.rdwr | str c3 arg!index/name fn named | Whether a mount is writable, by position or by its source. | true
container.mount.propagation | str c3 arg!index/name fn named | Propagation of a mount, by position or by its source. | rprivate
container.image.repository | str fn | Image of the container without its tag. | docker.io/library/nginx
container.image.tag | str fn | Tag of the container's image. | 1.27
container.image.digest | str fn | Digest of the container's image in its registry. | sha256:ad5f…
container.healthcheck | str deprecated | Health check of the container. Has no value any more.
container.liveness_probe | str deprecated | Liveness probe of the container. Has no value any more.
container.readiness_probe | str deprecated | Readiness probe of the container. Has no value any more.
container.start_ts | abstime fn | When the container's first process was started, in nanoseconds since 1970.
container.duration | reltime fn | Nanoseconds since the container's first process was started.
container.ip | str fn | IPv4 address of the container. | 10.88.0.4
container.cni.json | str fn | What the network plugin returned for the container, as JSON.
container.host_pid | bool fn | Whether the container shares the pid namespace of the host.
container.host_network | bool fn | Whether the container shares the network namespace of the host.
container.host_ipc | bool fn | Whether the container shares the IPC namespace of the host.
container.label | str arg!name fn | Value of one label of the container: container.label[app].
container.labels | str c3 fn | All labels of the container as key:value, joined by a comma and a blank.
proc.is_container_healthcheck | bool deprecated | Whether the process is a health check. Has no value any more.
proc.is_container_liveness_probe | bool deprecated | Whether the process is a liveness probe. Has no value any more.
proc.is_container_readiness_probe | bool deprecated | Whether the process is a readiness probe. Has no value any more.
`,
);
