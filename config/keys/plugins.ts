// Keys about what Falco does by plugins: containers, Kubernetes audit events, JSON.

import { bool, idle, int, list, own, record, required, text, texts } from "../definition.ts";

const json = { type: "any", help: "what the plugin is told at its start: a mapping, or a text" } as const;

export const PLUGINS = {
  "plugins": list(
    record({
      "name": required(text(undefined, "name of the plugin")),
      "library_path": required(text(undefined, "Falco's file for it; what it does is built in here")),
      "init_config": json,
      "open_params": text(undefined, "what is read: a URL or a path"),
    }, "a plugin"),
    "settings of plugins, each with `name`, `library_path`, `init_config` and `open_params`",
  ),
  "load_plugins": {
    ...texts("names of those of `plugins` that are used; without this key, all of them"),
    absent: [],
  },
  "plugins_hostinfo": idle(
    bool(true, "plugins may use what is known of this host"),
    "what is built in asks for nothing that it does not need",
  ),
};

const ask = (what: string) => bool(true, `ask ${what} about containers`);
const sockets = (usual: string) => texts(`its sockets; none: ${usual}`);

/** Of Falco before 0.41, where they were no plugin's; what `init_config` of the plugin container says comes first. */
export const CONTAINERS = own({
  "container_engines.docker.enabled": ask("Docker"),
  "container_engines.docker.sockets": sockets("/var/run/docker.sock"),
  "container_engines.podman.enabled": ask("Podman"),
  "container_engines.podman.sockets": sockets("/run/podman/podman.sock and those of users"),
  "container_engines.cri.enabled": ask("runtimes that speak CRI"),
  "container_engines.cri.sockets": sockets("those of containerd, CRI-O and k3s"),
  "container_engines.containerd.enabled": ask("containerd"),
  "container_engines.containerd.sockets": sockets("those of containerd and k3s"),
  "container_engines.lxc.enabled": bool(true, "know LXC containers by their cgroups"),
  "container_engines.libvirt_lxc.enabled": bool(true, "know libvirt's containers by their cgroups"),
  "container_engines.bpm.enabled": bool(true, "know bpm's containers by their cgroups"),
});

export const METADATA = own({
  "metadata.wait_ms": int(
    100,
    0,
    10_000,
    "milliseconds for which the first events of a container wait for its name and image, when they are not known yet; " +
      "0: they are judged at once, as Falco does",
  ),
});
