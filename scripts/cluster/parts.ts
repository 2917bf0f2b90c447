// The programs that a cluster consists of: in which order they start, with which settings.
// In: the place. Out: a command for each part, and the files that it reads.
// Elsewhere: starting and ending them (processes.ts), keys (identities.ts).

import { stringify } from "yaml";
import { writeRegistries } from "./registries.ts";
import { NODE, type Place, PODS, SERVICES, SOCKET } from "./place.ts";

export const PARTS = [
  ...["etcd", "apiserver", "controllers", "scheduler", "containerd", "registry", "guarded-registry"] as const,
  ...["dns", "kubelet", "proxy"] as const,
] as const;
export type Part = typeof PARTS[number];

const DOMAIN = "cluster.local";
const ETCD = "http://127.0.0.1:2379";

export function commandOf(part: Part, place: Place, apiserverFlags: readonly string[] = []): string[] {
  const { state } = place;
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
      return ["containerd", "--config", `${state}/containerd/config.toml`];
    case "registry":
    case "guarded-registry":
      return ["docker-registry", "serve", `${state}/registries/${part}.yaml`];
    case "dns":
      return ["coredns", "-conf", `${state}/Corefile`];
    case "kubelet":
      return [
        ...["kubelet", "--config", `${state}/kubelet/config.yaml`, "--kubeconfig", pki("node.conf")],
        ...["--hostname-override", NODE.name, "--root-dir", `${state}/kubelet`, "--node-ip", NODE.ip],
      ];
    case "proxy":
      return [
        ...["kube-proxy", "--kubeconfig", pki("proxy.conf"), "--proxy-mode=nftables"],
        ...["--hostname-override", NODE.name, "--cluster-cidr", PODS, "--conntrack-max-per-core", "0"],
      ];
  }
}

export async function writeSettings(place: Place): Promise<void> {
  const { state } = place;
  for (const folder of ["etcd", "containerd", "kubelet", "cni", "manifests", "log"]) {
    await Deno.mkdir(`${state}/${folder}`, { recursive: true });
  }
  await writeRegistries(place);
  await Deno.writeTextFile(
    `${state}/Corefile`,
    `.:53 {
  errors
  cache 5
  kubernetes ${DOMAIN} {
    kubeconfig ${place.kubeconfig}
  }
}
`,
  );
  await Deno.writeTextFile(
    `${state}/containerd/config.toml`,
    `version = 2
root = "${state}/containerd/root"
state = "${state}/containerd/run"
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${state}/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${state}/registries"
`,
  );
  await Deno.writeTextFile(
    `${state}/cni/10-pods.conflist`,
    JSON.stringify({
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [{
        type: "bridge",
        bridge: "cni-pods",
        isGateway: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: PODS }]], routes: [{ dst: "0.0.0.0/0" }] },
      }, { type: "portmap", capabilities: { portMappings: true } }],
    }),
  );
  await Deno.writeTextFile(
    `${state}/kubelet/config.yaml`,
    stringify({
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: {
        anonymous: { enabled: false },
        x509: { clientCAFile: `${state}/pki/ca.crt` },
        webhook: { enabled: true },
      },
      authorization: { mode: "Webhook" },
      cgroupDriver: "cgroupfs",
      cgroupRoot: place.cgroupRoot,
      // a machine with cgroups v1 is asked for, too
      failCgroupV1: false,
      failSwapOn: false,
      containerRuntimeEndpoint: `unix://${SOCKET}`,
      staticPodPath: `${state}/manifests`,
      volumePluginDir: `${state}/kubelet/plugins`,
      evictionHard: { "memory.available": "100Mi", "nodefs.available": "1%", "imagefs.available": "1%" },
      resolvConf: "",
      clusterDNS: [NODE.ip],
      clusterDomain: DOMAIN,
      maxPods: 200,
      // kubectl logs reads only the newest file
      containerLogMaxSize: "200Mi",
      // a test does not wait for a pace that saves a large cluster's API server
      kubeAPIQPS: 100,
      kubeAPIBurst: 200,
      syncFrequency: "10s",
    }),
  );
}
