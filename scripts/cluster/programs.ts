// The programs of a cluster, built from their Go modules: some minutes for each version, once.
// In: the place. Out: what a cluster needs of the machine is installed; files in its folder of programs, each as soon as it is
// whole.

import { must } from "../../tests/live/lab.ts";
import { exists } from "../compile/stamps.ts";
import { ensureTools } from "../compile/toolchain.ts";
import { CLUSTER_NEEDS } from "./host.ts";
import { type Place, VERSIONS } from "./place.ts";

const OF_KUBERNETES = [
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy", "kubelet", "kubectl"],
];

const COREDNS = "github.com/coredns/coredns";
const CONTAINERD = "github.com/containerd/containerd/v2";
const OF_CONTAINERD = ["containerd", "containerd-shim-runc-v2", "ctr"];
const RUNC = "github.com/opencontainers/runc";

export async function buildPrograms(place: Place, say: (line: string) => void): Promise<void> {
  for (const line of await ensureTools(CLUSTER_NEEDS)) say(line);
  for (const folder of [place.programs, `${place.home}/bin-common`]) {
    await Deno.mkdir(folder, { recursive: true });
  }
  const missing = OF_KUBERNETES.filter((name) => !exists(`${place.programs}/${name}`));
  if (missing.length > 0) await buildKubernetes(place, missing, say);
  const { etcd, helm, coredns, containerd } = VERSIONS[place.version];
  // Debian's etcd is too old for this API server's watch cache
  await buildModule(place, "etcd", "go.etcd.io/etcd/server/v3", etcd, "go.etcd.io/etcd/server/v3", say);
  await buildModule(place, "helm", "helm.sh/helm/v3", helm, "helm.sh/helm/v3/cmd/helm", say);
  // all of coredns is four times as large
  const plugins = ["errors", "cache", "kubernetes"].map((name) => `import _ "${COREDNS}/plugin/${name}"\n`);
  const main = `package main\nimport "${COREDNS}/coremain"\n${
    plugins.join("")
  }func main() { coremain.Run() }\n`;
  await buildModule(place, "coredns", COREDNS, coredns, ".", say, { main });
  if (containerd === undefined) return;
  const { version, runc } = containerd;
  for (const name of OF_CONTAINERD) {
    const tags = "no_btrfs,no_zfs,no_devmapper";
    await buildModule(place, name, CONTAINERD, version, `${CONTAINERD}/cmd/${name}`, say, { tags });
  }
  await buildModule(place, "runc", RUNC, runc, RUNC, say, { tags: "seccomp" });
}

async function buildKubernetes(
  place: Place,
  names: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const { version } = place;
  const folder = `${place.home}/build/kubernetes-${version}`;
  const go = goIn(folder);
  await writeModule(folder, `require k8s.io/kubernetes v${version}\n`);
  // go says on its other output what it downloads
  const answer = await go("mod", "download", "-json", `k8s.io/kubernetes@v${version}`);
  const goMod = /"GoMod": "([^"]+)"/.exec(answer)?.[1];
  if (goMod === undefined) throw new Error(`Cannot download k8s.io/kubernetes ${version}: ${answer}`);
  // its staging modules are published under their own names, with 0 for the major version
  const staging = (await Deno.readTextFile(goMod)).matchAll(/^\s*(k8s\.io\/\S+) v0\.0\.0\s*$/gm);
  const minor = version.replace(/^1\./, "");
  const replaced = [...new Set([...staging].map(([, name]) => name!))].map((name) =>
    `replace ${name} => ${name} v0.${minor}\n`
  );
  await writeModule(folder, `require k8s.io/kubernetes v${version}\n${replaced.join("")}`);
  const facts = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((name) => [
    `-X ${name}.gitVersion=v${version}`,
    `-X ${name}.gitMajor=1`,
    `-X ${name}.gitMinor=${minor.split(".")[0]}`,
    `-X ${name}.gitTreeState=clean`,
  ]);
  for (const name of names) {
    say(`building ${name} ${version}`);
    const output = `${place.programs}/${name}`;
    const flags = ["-ldflags", `-s -w ${facts.join(" ")}`, "-o", `${output}.part`];
    await go("build", ...flags, `k8s.io/kubernetes/cmd/${name}`);
    await Deno.rename(`${output}.part`, output);
  }
}

async function buildModule(
  place: Place,
  name: string,
  module: string,
  version: string,
  program: string,
  say: (line: string) => void,
  { main, tags = "" }: { readonly main?: string; readonly tags?: string } = {},
): Promise<void> {
  const output = `${place.programs}/${name}`;
  if (exists(output)) return;
  // another version of Kubernetes may have the same one
  const common = `${place.home}/bin-common/${name}-${version}`;
  if (!exists(common)) {
    say(`building ${name} ${version}`);
    const folder = `${place.home}/build/${name}-${version}`;
    await writeModule(folder, `require ${module} v${version}\n`);
    if (main !== undefined) await Deno.writeTextFile(`${folder}/main.go`, main);
    await goIn(folder)("build", "-tags", tags, "-ldflags", "-s -w", "-o", `${common}.part`, program);
    await Deno.rename(`${common}.part`, common);
  }
  await Deno.link(common, output);
}

async function writeModule(folder: string, requirements: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/go.mod`, `module cluster\ngo 1.24.0\n${requirements}`);
}

function goIn(folder: string): (...args: string[]) => Promise<string> {
  return async (...args) =>
    await must("env", "-C", folder, "GOTOOLCHAIN=local", "GOFLAGS=-mod=mod", "go", ...args);
}
