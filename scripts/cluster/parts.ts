// The programs that a cluster consists of: in which order they start, with which settings.
// In: the place. Out: a command for each part.
// Elsewhere: the files that they read (settings.ts), starting and ending them (processes.ts), keys (identities.ts).

import { type ClusterNode, NODE, type Place, PODS, SECOND_NODE, SERVICES } from "./place.ts";

export const PARTS = [
  ...["etcd", "apiserver", "controllers", "scheduler", "containerd", "registry", "guarded-registry"] as const,
  ...["dns", "kubelet", "proxy", "containerd-2", "kubelet-2", "proxy-2"] as const,
] as const;
export type Part = typeof PARTS[number];

const ETCD = "http://127.0.0.1:2379";

export function nodeOf(part: Part): ClusterNode {
  return part.endsWith(SECOND_NODE.suffix) ? SECOND_NODE : NODE;
}

export function commandOf(part: Part, place: Place, apiserverFlags: readonly string[] = []): string[] {
  const { state } = place;
  const node = nodeOf(part);
  const folder = place.folderOf(node);
  const pki = (name: string) => `${state}/pki/${name}`;
  switch (part) {
    case "etcd":
      return [
        ...["etcd", "--data-dir", `${state}/etcd`, "--listen-client-urls", ETCD],
        ...["--advertise-client-urls", ETCD, "--listen-peer-urls", "http://127.0.0.1:2380"],
        "--unsafe-no-fsync",
      ];
    case "apiserver":
      return [
        "kube-apiserver",
        `--etcd-servers=${ETCD}`,
        `--advertise-address=${NODE.ip}`,
        "--secure-port=6443",
        `--tls-cert-file=${pki("api.crt")}`,
        `--tls-private-key-file=${pki("api.key")}`,
        `--client-ca-file=${pki("ca.crt")}`,
        "--allow-privileged=true",
        `--service-account-key-file=${pki("sa.key")}`,
        `--service-account-signing-key-file=${pki("sa.key")}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-cluster-ip-range=${SERVICES}`,
        "--authorization-mode=Node,RBAC",
        // as on OpenShift: who makes an object that holds its owner has to have a right to
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
        "--kubelet-preferred-address-types=InternalIP,Hostname",
        `--kubelet-client-certificate=${pki("admin.crt")}`,
        `--kubelet-client-key=${pki("admin.key")}`,
        ...apiserverFlags,
      ];
    case "controllers":
      return [
        "kube-controller-manager",
        `--kubeconfig=${pki("controllers.conf")}`,
        `--service-account-private-key-file=${pki("sa.key")}`,
        `--root-ca-file=${pki("ca.crt")}`,
        "--use-service-account-credentials",
        `--cluster-cidr=${PODS}`,
        "--leader-elect=false",
      ];
    case "scheduler":
      return ["kube-scheduler", `--kubeconfig=${pki("scheduler.conf")}`, "--leader-elect=false"];
    case "containerd":
    case "containerd-2":
      return ["containerd", "--config", `${folder}/containerd/config.toml`];
    case "registry":
    case "guarded-registry":
      return ["docker-registry", "serve", `${state}/registries/${part}.yaml`];
    case "dns":
      return ["coredns", "-conf", `${state}/Corefile`];
    case "kubelet":
    case "kubelet-2":
      return [
        ...["kubelet", "--config", `${folder}/kubelet/config.yaml`, "--kubeconfig", pki(`${node.name}.conf`)],
        ...["--hostname-override", node.name, "--root-dir", `${folder}/kubelet`, "--node-ip", node.ip],
      ];
    case "proxy":
    case "proxy-2":
      return [
        ...["kube-proxy", "--kubeconfig", pki("proxy.conf"), "--proxy-mode=nftables"],
        ...["--hostname-override", node.name, "--cluster-cidr", PODS, "--conntrack-max-per-core", "0"],
      ];
  }
}
