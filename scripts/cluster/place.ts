// Which cluster it is: its name, its version, and where everything of it lies.
// In: --name, --version, --home. Out: paths and addresses.
//
// Everything runs in a network and a mount namespace of its own, so that several clusters of different names can be there at
// once, each with its own /run, 10.10.0.1 and 6443. What they share is the kernel: the first one's pods have the usual cgroups
// (/kubepods), another's lie below its name.

import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";

interface Versions {
  readonly etcd: string;
  readonly helm: string;
  readonly coredns: string;
  /** and runc; none: those of the machine */
  readonly containerd?: { readonly version: string; readonly runc: string };
}

/** Each with what goes with it. */
export const VERSIONS: Readonly<Record<KubernetesVersion, Versions>> = {
  "1.34.4": { etcd: "3.6.16", helm: "3.18.6", coredns: "1.12.4" },
  "1.37.2": {
    etcd: "3.6.16",
    helm: "3.18.6",
    coredns: "1.12.4",
    containerd: { version: "2.4.2", runc: "1.5.3" },
  },
};
export type KubernetesVersion = "1.34.4" | "1.37.2";
export const USUAL_VERSION: KubernetesVersion = "1.34.4";
export const USUAL_NAME = "falco-cluster";

export interface ClusterNode {
  readonly name: string;
  readonly ip: string;
  readonly pods: string;
  /** what its parts' names end with */
  readonly suffix: "" | "-2";
}

/** All that is not a node's own runs here, too. */
export const NODE = { name: "node1", ip: "10.10.0.1", pods: "10.244.0.0/24", suffix: "" } as const;
/** Only while a test wants it (second_node.ts). */
export const SECOND_NODE = { name: "node2", ip: "10.10.0.2", pods: "10.244.1.0/24", suffix: "-2" } as const;
/** As pods' images name it; its second one asks who pulls. */
export const REGISTRY = `${NODE.ip}:5000`;
export const GUARDED_REGISTRY = `${NODE.ip}:5001`;
export const PULLER = { user: "puller", password: "pulled" } as const;
export const PODS = "10.244.0.0/16";
export const SERVICES = "10.96.0.0/16";
/** Inside of the cluster's own /run, where charts look for it. */
export const SOCKET = "/run/containerd/containerd.sock";
/** Variable that all programs of a cluster have, with its name: that is how `down` finds them, whatever has happened. */
export const MARK = "FALCO_CLUSTER";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

export class Place {
  constructor(
    readonly name: string = USUAL_NAME,
    readonly version: KubernetesVersion = USUAL_VERSION,
    /** of programs, which stay, and images */
    readonly home: string = Deno.env.get("FALCO_CLUSTER_HOME") ?? `${ROOT}build/cluster`,
  ) {
    if (!NAME.test(name)) throw new Error(`--name ${name}: small letters, digits and dashes, at most 31`);
    if (!Object.hasOwn(VERSIONS, version)) {
      throw new Error(`--version ${version}: tried are ${Object.keys(VERSIONS).join(" and ")}`);
    }
  }

  get programs(): string {
    return `${this.home}/bin-${this.version}`;
  }

  get images(): string {
    return `${this.home}/images`;
  }

  /** Short: sockets have paths of at most 107 bytes. */
  get state(): string {
    return `${tmpdir()}/${this.name}`;
  }

  /** What a node has of its own. */
  folderOf({ name }: ClusterNode): string {
    return name === NODE.name ? this.state : `${this.state}/${name}`;
  }

  get kubeconfig(): string {
    return `${this.state}/pki/admin.conf`;
  }

  /** Below it are the pods' cgroups. */
  get cgroupRoot(): string {
    return this.cgroupRootOf(NODE);
  }

  /** Two kubelets share one tree: each has to know its own pods. */
  cgroupRootOf(node: ClusterNode): string {
    // no name of a cluster has a dot
    if (node.name !== NODE.name) return `/${this.name}.${node.name}`;
    return this.name === USUAL_NAME ? "/" : `/${this.name}`;
  }

  /** What its programs run with, and what `exec` has. */
  get environment(): Record<string, string> {
    return {
      [MARK]: this.name,
      KUBECONFIG: this.kubeconfig,
      HOME: this.state,
      PATH: `${this.programs}:${Deno.env.get("PATH") ?? ""}:/usr/sbin:/sbin`,
    };
  }
}
