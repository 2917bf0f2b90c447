// The files that a cluster's programs read.
// In: the place, a node. Out: files in the folder of the cluster, and in that of the node.
// Elsewhere: the programs (parts.ts), keys (identities.ts).

import { stringify } from "yaml";
import { type ClusterNode, NODE, type Place, SOCKET } from "./place.ts";
import { writeRegistries } from "./registries.ts";

const DOMAIN = "cluster.local";

export async function writeSettings(place: Place): Promise<void> {
  const { state } = place;
  for (const folder of ["etcd", "log"]) await Deno.mkdir(`${state}/${folder}`, { recursive: true });
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
  await writeNodeSettings(place, NODE);
}

export async function writeNodeSettings(place: Place, node: ClusterNode): Promise<void> {
  const { state } = place;
  const folder = place.folderOf(node);
  for (const name of ["containerd", "kubelet", "cni", "manifests"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  await Deno.writeTextFile(
    `${folder}/containerd/config.toml`,
    `version = 2
root = "${folder}/containerd/root"
state = "${folder}/containerd/run"
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${state}/registries"
`,
  );
  await Deno.writeTextFile(
    `${folder}/cni/10-pods.conflist`,
    JSON.stringify({
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [{
        type: "bridge",
        bridge: "cni-pods",
        isGateway: true,
        hairpinMode: true,
        ipam: { type: "host-local", ranges: [[{ subnet: node.pods }]], routes: [{ dst: "0.0.0.0/0" }] },
      }, { type: "portmap", capabilities: { portMappings: true } }],
    }),
  );
  await Deno.writeTextFile(
    `${folder}/kubelet/config.yaml`,
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
      cgroupRoot: place.cgroupRootOf(node),
      // a machine with cgroups v1 is asked for, too
      failCgroupV1: false,
      failSwapOn: false,
      containerRuntimeEndpoint: `unix://${SOCKET}`,
      staticPodPath: `${folder}/manifests`,
      volumePluginDir: `${folder}/kubelet/plugins`,
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
