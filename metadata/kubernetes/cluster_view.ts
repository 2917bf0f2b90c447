// What the cluster has to say about the pods of this node.
// In: a client, the node's name. Out: a record for each pod and for everything that a pod belongs to, when it is new,
// has changed or is needed no more.
// Elsewhere: keeping up (kube/reflector.ts), owners (owner_lookup.ts), the records' form (record_json.ts).
//
// Each change leads to one thing: what all records should be is worked out again, and what differs from those that were
// given out goes out. That is some milliseconds for the pods of a node, and cannot forget anything.

import { objectAt, textOf } from "../../base/mod.ts";
import { type ApiClient, Reflector, type Timing } from "../../kube/mod.ts";
import { TroubleLog } from "../containers/trouble_log.ts";
import { factsOf, type KubeFacts, type KubeKind } from "./kube_facts.ts";
import { ObjectStore } from "./object_store.ts";
import { isOwnerKind, OwnerLookup } from "./owner_lookup.ts";
import { recordJson, type Refs, removalJson } from "./record_json.ts";
import { ServiceChoice } from "./service_choice.ts";

export interface ClusterViewOptions {
  readonly client: ApiClient;
  readonly nodeName: string;
  readonly onRecord: (json: string) => void;
  readonly log: (level: "info" | "warning", message: string) => void;
  readonly timing?: Partial<Timing> & { readonly refreshMs?: number; readonly retryMs?: number };
}

interface Watched {
  readonly kind: KubeKind;
  readonly what: string;
  readonly path: string;
  /** more are refused */
  readonly most: number;
}

const WATCHED: readonly Watched[] = [
  { kind: "Pod", what: "pods", path: "/api/v1/pods", most: 4096 },
  { kind: "Namespace", what: "namespaces", path: "/api/v1/namespaces", most: 16_384 },
  { kind: "Service", what: "services", path: "/api/v1/services", most: 16_384 },
];
/** Changes come in crowds. */
const FLUSH_MS = 25;
/** The share of time that working out records may take when changes never end. */
const MAX_SHARE = 0.1;
const REFRESH_CHECK_MS = 30_000;

export class ClusterView {
  readonly #options: ClusterViewOptions;
  readonly #owners: OwnerLookup;
  readonly #reflectors: readonly Reflector[];
  /** by kind, then by uid */
  readonly #objects = new Map<KubeKind, ObjectStore>(
    WATCHED.map(({ kind, most }) => [kind, new ObjectStore(most)]),
  );
  /** records that were given out: by uid the kind and the text */
  readonly #given = new Map<string, readonly [kind: KubeKind, json: string]>();
  readonly #counts = { lists: 0, watches: 0, events: 0, expired: 0, errors: 0, refused: 0, records: 0 };
  /** kinds that have been listed once: before that, what is missing is not gone */
  readonly #listed = new Set<KubeKind>();
  readonly #told = new Map<string, TroubleLog>();
  #flush: ReturnType<typeof setTimeout> | undefined;
  #flushMs = FLUSH_MS;
  readonly #refresh: ReturnType<typeof setInterval>;

  constructor(options: ClusterViewOptions) {
    this.#options = options;
    this.#owners = new OwnerLookup({
      client: options.client,
      ...options.timing === undefined ? {} : { timing: options.timing },
      onChange: () => this.#changed(),
      onTrouble: (trouble) => this.#say("owners of pods", trouble),
    });
    this.#reflectors = WATCHED.map((watched) => this.#reflector(watched));
    this.#refresh = setInterval(() => this.#changed(), options.timing?.refreshMs ?? REFRESH_CHECK_MS);
  }

  start(): void {
    for (const reflector of this.#reflectors) reflector.run();
  }

  close(): void {
    clearTimeout(this.#flush);
    clearInterval(this.#refresh);
    for (const reflector of this.#reflectors) reflector.close();
    this.#owners.close();
  }

  /** Gives out every record once more. */
  repeat(): void {
    for (const [, json] of this.#given.values()) this.#options.onRecord(json);
  }

  /** Takes back every record. */
  withdraw(): void {
    for (const [uid, [kind]] of this.#given) this.#give(removalJson(kind, uid));
    this.#given.clear();
  }

  counters(): Record<string, number> {
    const { asked, failed } = this.#owners;
    const known = WATCHED.map(({ kind, what }) => [what, this.#objects.get(kind)!.size] as const);
    return {
      ...Object.fromEntries(known),
      known: this.#given.size,
      ...this.#counts,
      owners_asked: asked,
      owners_failed: failed,
    };
  }

  #reflector({ kind, what, path }: Watched): Reflector {
    const { client, nodeName, timing } = this.#options;
    const objects = this.#objects.get(kind)!;
    return new Reflector({
      client,
      what,
      path,
      query: kind === "Pod" ? { fieldSelector: `spec.nodeName=${nodeName}` } : {},
      shape: kind === "Namespace" ? "metadata list" : "whole",
      watchShape: kind === "Namespace" ? "metadata" : "whole",
      ...timing === undefined ? {} : { timing },
      onObject: (object) => this.#take(kind, object),
      onRemoved: (object) => {
        if (objects.delete(keyOf(object))) this.#changed();
      },
      onListed: (uids) => {
        for (const uid of objects.keys()) if (!uids.has(uid)) objects.delete(uid);
        this.#listed.add(kind);
        this.#changed();
      },
      onState: (trouble) => this.#say(what, trouble),
      count: (what) => this.#counts[what]++,
    });
  }

  #take(kind: KubeKind, object: unknown): void {
    const facts = factsOf(kind, object);
    if (facts === undefined || !this.#objects.get(kind)!.set(keyOf(object), facts)) this.#counts.refused++;
    this.#changed();
  }

  #changed(): void {
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      const startedMs = performance.now();
      this.#giveOut();
      this.#flushMs = Math.max(FLUSH_MS, (performance.now() - startedMs) / MAX_SHARE);
    }, this.#flushMs);
  }

  #giveOut(): void {
    // before the pods have come nothing is needed, after that what is missing may be forbidden
    if (!this.#listed.has("Pod")) return;
    const wanted = this.#wanted();
    for (const [uid, [kind]] of this.#given) {
      if (wanted.has(uid)) continue;
      this.#given.delete(uid);
      this.#give(removalJson(kind, uid));
    }
    for (const [uid, [facts, refs]] of wanted) {
      const json = recordJson(facts, refs);
      if (this.#given.get(uid)?.[1] === json) continue;
      this.#given.set(uid, [facts.kind, json]);
      this.#give(json);
    }
    this.#owners.keep(new Set(wanted.keys()));
  }

  #give(json: string): void {
    this.#counts.records++;
    this.#options.onRecord(json);
  }

  /** What should be known: what pods belong to, before the pods. */
  #wanted(): Map<string, readonly [KubeFacts, Refs]> {
    const wanted = new Map<string, readonly [KubeFacts, Refs]>();
    const namespaces = new Map([...this.#all("Namespace")].map((facts) => [facts.name, facts]));
    const services = new ServiceChoice(this.#all("Service"));
    const pods = [...this.#all("Pod")].map((pod) => {
      const namespace = namespaces.get(pod.namespace);
      const related = [
        ...namespace === undefined ? [] : [namespace],
        ...this.#ownersOf(pod),
        ...services.for(pod),
      ];
      for (const facts of related) wanted.set(facts.uid, [facts, {}]);
      const uids = Map.groupBy(related, ({ kind }) => kind);
      return [
        pod,
        Object.fromEntries([...uids].map(([kind, of]) => [kind, of.map(({ uid }) => uid)])),
      ] as const;
    });
    for (const [pod, refs] of pods) wanted.set(pod.uid, [pod, refs]);
    return wanted;
  }

  /** The controller of the pod, and the controller of that. */
  #ownersOf(pod: KubeFacts): KubeFacts[] {
    const owners: KubeFacts[] = [];
    for (let { controller } = pod; controller !== undefined && owners.length < 2;) {
      if (controller.uid === "" || !isOwnerKind(controller.kind)) break;
      const facts = this.#owners.find(controller, pod.namespace);
      owners.push(facts);
      controller = facts.controller;
    }
    return owners;
  }

  #all(kind: KubeKind): Iterable<KubeFacts> {
    return this.#objects.get(kind)!.values();
  }

  #say(what: string, trouble: string | undefined): void {
    const { log, client, nodeName } = this.#options;
    let told = this.#told.get(what);
    if (told === undefined) {
      this.#told.set(what, told = new TroubleLog((level, text) => log(level, `kubernetes: ${text}`), false));
    }
    if (trouble !== undefined) return told.trouble(`${what} cannot be read from ${client.url}: ${trouble}`);
    told.fine(`${what}${what === "pods" ? ` of node ${nodeName}` : ""} are read from ${client.url}`);
  }
}

/** By what lists and removals name it; the cgroups of some pods have another one. */
function keyOf(object: unknown): string {
  return textOf(objectAt(object, "metadata")["uid"]);
}
