// Fields of the container in which the event happened. The id comes from the cgroup of the process; what only
// the container engine knows has no value until the engine has answered.

import { parseFields } from "./parse.ts";

export const CONTAINER_FIELDS = parseFields(
  "container",
  `
container.id | str fn | First 12 characters of the container's id; host outside containers. | 3ad7b26ded6d
container.full_id | str | Whole id of the container.
container.name | str | Name of the container. | web-1
container.image | str | Image of the container with its tag. | docker.io/library/nginx:1.27
container.image.id | str | Id of the container's image.
container.type | str | Engine that runs the container: docker, podman, containerd, cri-o, lxc, libvirt_lxc, bpm, static. | podman
container.privileged | bool | Whether the container runs privileged.
container.mounts | str c3 | All mounts of the container as source:destination:mode:writable:propagation.
container.mount | str c3 arg!index/name | One mount, by position or by its source: container.mount[/var/lib/*].
container.mount.source | str c3 arg!index/name | Source of a mount, by position or by its destination.
container.mount.dest | str c3 arg!index/name | Destination of a mount, by position or by its source. | /host
container.mount.mode | str c3 arg!index/name | Mode of a mount, by position or by its source.
container.mount.rdwr | str c3 arg!index/name | Whether a mount is writable, by position or by its source. | true
container.mount.propagation | str c3 arg!index/name | Propagation of a mount, by position or by its source. | rprivate
container.image.repository | str | Image of the container without its tag. | docker.io/library/nginx
container.image.tag | str | Tag of the container's image. | 1.27
container.image.digest | str | Digest of the container's image in its registry. | sha256:ad5f…
container.healthcheck | str deprecated | Health check of the container. Has no value any more.
container.liveness_probe | str deprecated | Liveness probe of the container. Has no value any more.
container.readiness_probe | str deprecated | Readiness probe of the container. Has no value any more.
container.start_ts | abstime fn | When the container's first process was started, in nanoseconds since 1970.
container.duration | reltime fn | Nanoseconds since the container's first process was started.
container.ip | str | IPv4 address of the container. | 10.88.0.4
container.cni.json | str | What the network plugin returned for the container, as JSON.
container.host_pid | bool | Whether the container shares the pid namespace of the host.
container.host_network | bool | Whether the container shares the network namespace of the host.
container.host_ipc | bool | Whether the container shares the IPC namespace of the host.
container.label | str arg!name | Value of one label of the container: container.label[app].
container.labels | str c3 | All labels of the container as key:value, joined by commas.
proc.is_container_healthcheck | bool deprecated | Whether the process is a health check. Has no value any more.
proc.is_container_liveness_probe | bool deprecated | Whether the process is a liveness probe. Has no value any more.
proc.is_container_readiness_probe | bool deprecated | Whether the process is a readiness probe. Has no value any more.
`,
);
