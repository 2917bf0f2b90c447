// `falco operator` at work: watches Falco and Component objects, what belongs to them, and what nodes say about artifacts.
// In: a client of the API server. Out: instances of falco in the cluster, statuses of objects.
// Elsewhere: one instance (instance/), artifacts on a node (node/), who of several operators works (api/lease.ts).

import { objectAt, pause, textOf } from "../base/mod.ts";
import type { ApiClient, Timing } from "../kube/mod.ts";
import { sayArtifact } from "./artifact/artifact_status.ts";
import { keepFinalizers } from "./artifact/artifact_finalizers.ts";
import { FALCO_PODS, presence, removeOrphans, removeWhole } from "./artifact/falco_pods.ts";
import { SourcesInUse } from "./artifact/sources_in_use.ts";
import { type Kind, KINDS } from "./api/kinds.ts";
import type { Log } from "./api/log.ts";
import { metaOf, Objects } from "./api/objects.ts";
import { Watched } from "./api/watched.ts";
import { WorkQueue } from "./api/work_queue.ts";
import { sayComponent } from "./instance/component_controller.ts";
import { InstanceController } from "./instance/instance_controller.ts";

export interface OperatorOptions {
  readonly client: ApiClient;
  /** of falco, for the instances */
  readonly image: string;
  readonly version: string;
  readonly excludedLabels: readonly string[];
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

/** Of Falco's operator: what it has applied and this one does not want goes, and the other way round. */
const MANAGER = "falco-controller";
const MANAGED = "app.kubernetes.io/managed-by=falco-operator";
/** What was changed without a word of the API server's, if that can be. */
const RESYNC_MS = 60_000;
const OWNED = [
  KINDS.DaemonSet,
  KINDS.Deployment,
  KINDS.ConfigMap,
  KINDS.Service,
  KINDS.ServiceAccount,
  KINDS.Role,
  KINDS.RoleBinding,
];
const ARTIFACTS = [KINDS.Rulesfile, KINDS.Config, KINDS.Plugin];
const PARENT = "artifact.falcosecurity.dev/parent";
const KIND = "artifact.falcosecurity.dev/kind";

export async function runOperator(options: OperatorOptions, signal: AbortSignal): Promise<void> {
  const { client, log, version, image, excludedLabels } = options;
  const objects = new Objects(client, MANAGER, signal);
  const controller = new InstanceController({ objects, image, version, excludedLabels, log });
  const watched: Watched[] = [];
  const watch = (kind: Kind, onChange: (object: unknown, isGone: boolean) => void, labels?: string) => {
    const { timing } = options;
    const one = new Watched({
      ...{ client, kind, onChange, log },
      ...labels === undefined ? {} : { labels },
      ...timing === undefined ? {} : { timing },
    });
    watched.push(one);
    return one;
  };
  const named = (all: readonly unknown[], key: string) => all.find((object) => keyOf(object) === key);

  const instances = new WorkQueue(
    async (key) => {
      const falco = named(falcos.all, key);
      if (falco !== undefined) await controller.reconcile(falco);
    },
    log,
    signal,
  );
  const components = new WorkQueue(
    async (key) => {
      const component = named(allComponents.all, key);
      if (component !== undefined) await sayComponent(objects, component, version);
    },
    log,
    signal,
  );
  const statuses = new WorkQueue(
    async (key) => {
      const [plural = "", ...rest] = key.split(" ");
      const kind = ARTIFACTS.find((one) => one.plural === plural)!;
      const artifact = named(artifacts.get(kind)!.all, rest.join(" "));
      if (artifact === undefined) return;
      const { name, namespace, uid, isGoing } = metaOf(artifact);
      await Promise.all([...pods, nodes, falcos].map((one) => one.listed));
      const own = nodes.all.filter((node) => {
        const { namespace: at, labels, owners } = metaOf(node);
        // another of this name may have been here before
        const isOthers = owners.length > 0 && !owners.includes(uid);
        return at === namespace && labels[PARENT] === name && labels[KIND] === kind.kind.toLowerCase() &&
          !isOthers;
      });
      const there = pods.flatMap(({ all }) => all);
      const here = falcos.all.map(metaOf).filter((one) => one.namespace === namespace);
      const left = await removeOrphans(objects, own, there, here.map((one) => one.name));
      const isSilent = (nodeName: string) => presence(there, namespace, nodeName) !== "ready";
      // a falco that is not ready cannot say that its files are gone
      for (const node of isGoing ? left : []) {
        if (!isSilent(textOf(objectAt(node, "spec")["nodeName"]))) continue;
        await removeWhole(objects, KINDS.ArtifactNode, namespace, metaOf(node).name);
      }
      await keepFinalizers(objects, kind, artifact, left.length > 0);
      await sayArtifact(objects, kind, artifact, left, isSilent);
    },
    log,
    signal,
  );
  const inUse = new SourcesInUse(objects);
  const sources = new WorkQueue(
    async () => {
      const all = [...artifacts.values()];
      await Promise.all(all.map((one) => one.listed));
      await inUse.settle(all.flatMap((one) => one.all));
    },
    log,
    signal,
  );

  const falcos = watch(KINDS.Falco, (falco, isGone) => {
    if (!isGone) instances.ask(keyOf(falco));
  });
  const allComponents = watch(KINDS.Component, (component, isGone) => {
    if (!isGone) components.ask(keyOf(component));
  });
  // what belongs to an instance has its name
  for (const kind of OWNED) watch(kind, (object) => instances.ask(keyOf(object)), MANAGED);
  const artifacts = new Map(
    ARTIFACTS.map((kind) => [
      kind,
      watch(kind, (artifact, isGone) => {
        if (!isGone) statuses.ask(`${kind.plural} ${keyOf(artifact)}`);
        sources.ask("sources");
      }),
    ]),
  );
  const nodes = watch(KINDS.ArtifactNode, (node) => {
    const { namespace, labels } = metaOf(node);
    const kind = ARTIFACTS.find((one) => one.kind.toLowerCase() === labels[KIND]);
    if (kind !== undefined) statuses.ask(`${kind.plural} ${namespace}/${labels[PARENT]}`);
  });

  const ofPods = (pod: unknown) => {
    const { namespace } = metaOf(pod);
    for (const [kind, { all }] of artifacts) {
      for (const artifact of all.filter((one) => metaOf(one).namespace === namespace)) {
        statuses.ask(`${kind.plural} ${keyOf(artifact)}`);
      }
    }
  };
  const pods = FALCO_PODS.map((labels) => watch(KINDS.Pod, ofPods, labels));

  const stop = () => watched.forEach((one) => one.close());
  signal.addEventListener("abort", stop, { once: true });
  const running = watched.map((one) => one.run());
  log(`watching Falco objects; instances run ${image}`);
  while (!signal.aborted) {
    await pause(RESYNC_MS, signal);
    for (const falco of falcos.all) instances.ask(keyOf(falco));
    for (const [kind, { all }] of artifacts) {
      for (const artifact of all) statuses.ask(`${kind.plural} ${keyOf(artifact)}`);
    }
    sources.ask("sources");
  }
  await Promise.all(running);
  await Promise.all([instances, components, statuses, sources].map((queue) => queue.idle()));
}

function keyOf(object: unknown): string {
  const { name, namespace } = metaOf(object);
  return `${namespace}/${name}`;
}
