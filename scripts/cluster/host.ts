// What a cluster needs of this machine, and commands inside of its namespaces.
// In: the place. Out: tools that are there, the holder of the namespaces, commands in them.
//
// The holder is a process that only sleeps: its network and mount namespaces are the cluster's. With the last process of a
// cluster everything that was mounted or linked in them has gone, too.

import { type Need, runs } from "../compile/toolchain.ts";
import { exists } from "../compile/stamps.ts";
import { run } from "../../tests/live/lab.ts";
import { type ClusterNode, NODE, type Place } from "./place.ts";

function tool(what: string, command: string, flag: string, apt: string): Need {
  return { what, isMet: () => runs(command, flag), packages: { apt, dnf: apt, apk: apt, pacman: apt } };
}

export const CLUSTER_NEEDS: readonly Need[] = [
  tool("go, which builds the programs", "go", "version", "golang"),
  tool("containerd", "containerd", "--version", "containerd"),
  tool("runc", "runc", "--version", "runc"),
  tool("docker-registry, from which images are pulled", "docker-registry", "--version", "docker-registry"),
  tool("conntrack, for kube-proxy", "conntrack", "--version", "conntrack"),
  tool("iptables, for port mappings", "iptables", "--version", "iptables"),
  tool("nft, for kube-proxy", "nft", "--version", "nftables"),
  tool("pkg-config, with which runc is built", "pkg-config", "--version", "pkg-config"),
  {
    what: "the headers of libseccomp, with which runc is built",
    isMet: () => exists("/usr/include/seccomp.h"),
    packages: { apt: "libseccomp-dev", dnf: "libseccomp-devel", apk: "libseccomp-dev", pacman: "libseccomp" },
  },
  tool("openssl", "openssl", "version", "openssl"),
  tool("curl, for an image", "curl", "--version", "curl"),
  tool("busybox, linked statically", "busybox", "true", "busybox-static"),
  {
    what: "the bridge, portmap and host-local plugins of CNI",
    isMet: () => exists("/usr/lib/cni/bridge"),
    packages: {
      apt: "containernetworking-plugins",
      dnf: "containernetworking-plugins",
      apk: "cni-plugins",
      pacman: "cni-plugins",
    },
  },
];

/** Folders that programs of a cluster write to whatever they are told: each has its own, of which nothing is left in the host's. */
export const OWN_FOLDERS = ["/run", "/var/log", "/var/lib/cni", "/var/lib/kubelet"] as const;

/** Folders and a network of its own. */
const PREPARE = `set -e
mount --make-rshared /
for folder in ${OWN_FOLDERS.join(" ")}; do mkdir -p $folder && mount -t tmpfs tmpfs $folder; done
mkdir -p /run/containerd /run/netns /run/lock
ip link set lo up
echo 1 >/proc/sys/net/ipv4/ip_forward
`;
/** One address, which is the node's. */
const LINK = `ip link add node0 type veth peer name node1
ip link set node1 up
ip addr add ${NODE.ip}/24 dev node0
ip link set node0 up
ip route add default dev node0
`;

/** @returns its process id */
export async function startHolder(place: Place, node: ClusterNode): Promise<number> {
  const file = `${place.folderOf(node)}/holder.pid`;
  // the shell writes its number when all is prepared, and becomes the sleeper
  const script = `${PREPARE}${
    node.name === NODE.name ? LINK : ""
  }echo $$ >${file}.part; mv ${file}.part ${file}; exec sleep infinity`;
  const log = `${place.state}/log/holder${node.suffix}.log`;
  const detached =
    `setsid unshare --mount --net --propagation private sh -c '${script}' >${log} 2>&1 </dev/null &`;
  await new Deno.Command("sh", { args: ["-c", detached], env: place.environment }).output();
  for (let i = 0; i < 200 && !exists(file); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  if (exists(file)) return holderOf(place, node)!;
  throw new Error(`Cannot make the namespaces of ${place.name}: ${await Deno.readTextFile(log)}`);
}

export function holderOf(place: Place, node: ClusterNode = NODE): number | undefined {
  try {
    return Number(Deno.readTextFileSync(`${place.folderOf(node)}/holder.pid`));
  } catch {
    return undefined;
  }
}

/** The words in front of a command that shall run in the cluster. */
export function insideOf(place: Place, folder = "/", node: ClusterNode = NODE): string[] {
  const holder = holderOf(place, node);
  if (holder === undefined) {
    throw new Error(`There is no cluster ${place.name} here\n  remedy: deno task cluster up`);
  }
  return ["nsenter", "-t", String(holder), "--mount", "--net", `--wdns=${folder}`];
}

/** A command in the cluster, with kubectl, helm and KUBECONFIG at hand. */
export async function inside(place: Place, ...command: string[]): Promise<{ code: number; text: string }> {
  return await insideNode(place, NODE, ...command);
}

export async function insideNode(
  place: Place,
  node: ClusterNode,
  ...command: string[]
): Promise<{ code: number; text: string }> {
  const environment = Object.entries(place.environment).map(([key, value]) => `${key}=${value}`);
  return await run("env", ...environment, ...insideOf(place, "/", node), ...command);
}

export async function mustInside(place: Place, ...command: string[]): Promise<string> {
  return await mustInsideNode(place, NODE, ...command);
}

export async function mustInsideNode(place: Place, node: ClusterNode, ...command: string[]): Promise<string> {
  const { code, text } = await insideNode(place, node, ...command);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${text}`);
  return text;
}
