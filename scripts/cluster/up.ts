// Starts a cluster: programs and images where they are missing, identities, namespaces, then one part after the other.
// In: the place, flags for the API server. Out: a node that is ready. Where that fails, nothing is left.

import { exists } from "../compile/stamps.ts";
import { cgroupsOf, makeParents, processesBelow } from "./cgroups.ts";
import { down } from "./down.ts";
import { inside, mustInside, mustInsideNode, startHolder } from "./host.ts";
import { makeIdentities } from "./identities.ts";
import { makeImages } from "./images.ts";
import { commandOf, type Part } from "./parts.ts";
import { type ClusterNode, NODE, type Place, SOCKET } from "./place.ts";
import { isRunning, startPart } from "./processes.ts";
import { buildPrograms } from "./programs.ts";
import { writeSettings } from "./settings.ts";

const PATIENCE_MS = 180_000;
const STEP_MS = 250;

export interface UpOptions {
  readonly apiserverFlags?: readonly string[];
  /** files below the cluster's folder that these flags name */
  readonly files?: Readonly<Record<string, string>>;
  /** etcd and API server alone: objects, and nobody who does anything about them */
  readonly isApiAlone?: boolean;
  readonly say: (line: string) => void;
}

export async function up(place: Place, options: UpOptions): Promise<void> {
  const { files = {}, isApiAlone = false, say } = options;
  if (Deno.uid() !== 0) throw new Error("Cannot make a cluster: namespaces, mounts and cgroups need root");
  if (exists(place.state)) {
    throw new Error(`${place.name} is here already (${place.state})\n  remedy: deno task cluster down`);
  }
  const foreign = cgroupsOf(place).filter((cgroup) => processesBelow(cgroup).length > 0);
  if (foreign.length > 0) {
    throw new Error(
      `Cannot make a cluster: pods of another kubelet run here (${foreign[0]})\n` +
        "  remedy: another machine, or --name OTHER, whose pods have cgroups of their own",
    );
  }
  await buildPrograms(place, say);
  if (!isApiAlone) await makeImages(place);
  const startedMs = performance.now();
  try {
    await writeSettings(place);
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${place.state}/${name}`, text);
    }
    await makeIdentities(place);
    makeParents(place, NODE);
    await startHolder(place, NODE);
    await startApi(place, options);
    if (!isApiAlone) await startRest(place);
  } catch (error) {
    await down(place);
    throw error;
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  const what = isApiAlone ? "the API server" : `node ${NODE.name}`;
  say(`${place.name}: Kubernetes ${place.version}, ${what} is ready after ${seconds} s`);
  say(`KUBECONFIG=${place.kubeconfig}; deno task cluster exec kubectl get pods -A`);
}

async function startApi(place: Place, { apiserverFlags, isApiAlone }: UpOptions): Promise<void> {
  const start = (part: Part) => startPart(place, part, commandOf(part, place, apiserverFlags));
  await start("etcd");
  // it needs its time, too
  if (isApiAlone !== true) await start("containerd");
  await start("apiserver");
  await until(place, "apiserver", "answers", () => answers(place, "kubectl", "get", "--raw", "/readyz"));
}

async function startRest(place: Place): Promise<void> {
  const start = (part: Part) => startPart(place, part, commandOf(part, place));
  await start("controllers");
  await start("scheduler");
  await until(place, "containerd", "answers", () => answers(place, "ctr", "-a", SOCKET, "version"));
  await loadUsualImages(place, NODE);
  await start("registry");
  await start("guarded-registry");
  await start("dns");
  await start("kubelet");
  await mustInside(
    place,
    ...["kubectl", "create", "clusterrolebinding", "proxy", "--clusterrole=system:node-proxier"],
    "--user=system:kube-proxy",
  );
  await start("proxy");
  await until(place, "dns", "answers", () => answers(place, "bash", "-c", `exec 3<>/dev/tcp/${NODE.ip}/53`));
  await until(place, "kubelet", "has a node that is ready", async () => {
    const { text } = await inside(place, "kubectl", "get", "node", NODE.name);
    return / Ready/.test(text);
  });
  await until(
    place,
    "controllers",
    "have made the default service account",
    () => answers(place, "kubectl", "get", "serviceaccount", "default"),
  );
}

export async function loadUsualImages(place: Place, node: ClusterNode): Promise<void> {
  for (const name of ["pause", "busybox", "tools"]) {
    await loadImage(place, `${place.images}/${name}.tar`, node);
  }
}

export async function loadImage(place: Place, archive: string, node: ClusterNode = NODE): Promise<void> {
  await mustInsideNode(place, node, "ctr", "-a", SOCKET, "-n", "k8s.io", "images", "import", archive);
}

async function answers(place: Place, ...command: string[]): Promise<boolean> {
  return (await inside(place, ...command)).code === 0;
}

export async function until(
  place: Place,
  part: Part,
  what: string,
  isTrue: () => Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!await isTrue()) {
    const isLate = performance.now() > endMs;
    if (isLate || !isRunning(place, part)) {
      const log = await Deno.readTextFile(`${place.state}/log/${part}.log`).catch(() => "");
      const tail = log.trimEnd().split("\n").slice(-5).join("\n");
      throw new Error(`${part} ${isLate ? `never ${what}` : "has ended"}; its last words:\n${tail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
