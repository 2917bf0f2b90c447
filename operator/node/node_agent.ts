// The artifact kinds of Falco's operator on one node: what objects say becomes files that falco loads, and whether falco could
// use them is said.
// In: a client, the node, folders, a way to know what falco would take of files. Out: files, statements, a call when files changed.
// Elsewhere: files of one object (artifact_files.ts), in place (placed_files.ts), registries (registry_rules.ts), what is said
// (node_statements.ts).

import { type JsonObject, messageOf, objectAt, objectOf } from "../../base/mod.ts";
import type { ApiClient, Timing } from "../../kube/mod.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import type { Log } from "../api/log.ts";
import { metaOf, Objects } from "../api/objects.ts";
import { Watched } from "../api/watched.ts";
import { WorkQueue } from "../api/work_queue.ts";
import { type FileDraft, gatherFiles, type Sources } from "./artifact_files.ts";
import { EventRecorder } from "./event_recorder.ts";
import type { CheckedFiles } from "./file_check.ts";
import { type Known, NODE_LABEL, NodeStatements } from "./node_statements.ts";
import { selects } from "./node_selector.ts";
import { type Folders, hashOf, PlacedFiles } from "./placed_files.ts";
import { RegistryRules } from "./registry_rules.ts";

export interface NodeAgentOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly nodeName: string;
  readonly folders: Folders;
  readonly oci: (spec: JsonObject, objects: Objects, signal: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>;
  /** what falco would take of these files, in place of those that are there */
  readonly examine: (files: readonly FileDraft[], signal: AbortSignal) => Promise<CheckedFiles>;
  /** all that its answer depends on besides the files */
  readonly basis: () => Promise<string>;
  /** @returns whether `checkAgain` or `reloadRefused` follows */
  readonly onChanged: (why: string) => boolean;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

const MANAGER = "falco-artifact";
const WATCHED = [KINDS.Rulesfile, KINDS.Config, KINDS.Plugin];

export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #stop = new AbortController();
  readonly #objects: Objects;
  readonly #watched: readonly Watched[];
  readonly #queue: WorkQueue;
  readonly #registryRules: RegistryRules;
  readonly #placed: PlacedFiles;
  readonly #statements: NodeStatements;
  /** the files that were checked last, and what came of it */
  #checked: {
    readonly basis: string;
    readonly keys: ReadonlySet<string>;
    readonly result: CheckedFiles;
  } | undefined;
  /** files that falco has not loaded yet */
  readonly #waiting = new Set<string>();
  /** why falco refused to load what is in place */
  #refusal: string | undefined;

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    const { client, namespace, nodeName, folders, log, timing } = options;
    const { signal } = this.#stop;
    const objects = this.#objects = new Objects(client, MANAGER, signal);
    const placed = this.#placed = new PlacedFiles(folders);
    const events = new EventRecorder(objects, nodeName, log);
    this.#statements = new NodeStatements({ objects, events, placed, namespace, nodeName });
    this.#queue = new WorkQueue(() => this.#settle(), log, signal);
    const ask = () => this.#queue.ask("artifacts", true);
    this.#registryRules = new RegistryRules({
      fetch: (spec, signal) => options.oci(spec, objects, signal),
      onNews: ask,
      signal,
    });
    const common = { client, namespace, log, ...timing === undefined ? {} : { timing } };
    this.#watched = [
      ...[...WATCHED, KINDS.ConfigMap].map((kind) => new Watched({ ...common, kind, onChange: ask })),
      new Watched({
        ...common,
        kind: KINDS.ArtifactNode,
        labels: `${NODE_LABEL}=${nodeName}`,
        // somebody has taken away what this node said: it is said again
        onChange: (object, isGone) => isGone && this.#statements.lost(metaOf(object).name) && ask(),
      }),
    ];
  }

  async run(): Promise<void> {
    await Promise.all(this.#watched.map((one) => one.run()));
    await this.#queue.idle();
  }

  /** Falco has loaded what is in place, and maybe other rules and settings, too. */
  checkAgain(): void {
    this.#waiting.clear();
    this.#refusal = undefined;
    this.#queue.ask("artifacts", true);
  }

  /** Falco goes on with what it had before. */
  reloadRefused(reason: string): void {
    if (this.#waiting.size === 0) return;
    this.#refusal = reason;
    this.#queue.ask("artifacts", true);
  }

  /** Registries are asked again: others are trusted now. */
  forgetFetched(): void {
    this.#registryRules.forget();
  }

  close(): void {
    this.#stop.abort();
    for (const one of this.#watched) one.close();
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#watched.map((one) => one.listed));
    const { log, onChanged } = this.#options;
    const { known, others } = await this.#look();
    const wanted = known.flatMap(({ files }) => files).sort((a, b) => a.name < b.name ? -1 : 1);
    const checked = await this.#check(wanted);
    const kept = new Set([
      ...checked.refused.keys(),
      ...known.flatMap(({ failures, coming }) => [...failures.map(({ file }) => file), coming])
        .filter((name) => name !== undefined),
    ]);
    const changed = await this.#placed.place(wanted, checked, kept);
    if (changed.size > 0) {
      const names = [...changed].map(([name, change]) => change === "Removed" ? `${name} is gone` : name);
      log(`artifacts: ${names.join(", ")}`);
      for (const name of changed.keys()) this.#waiting.add(name);
      this.#refusal = undefined;
      if (!onChanged(`artifacts of Kubernetes have changed: ${names.join(", ")}`)) this.#waiting.clear();
    }
    for (const [kind, object] of others) await this.#statements.withdraw(kind, object);
    for (const one of known) {
      await this.#statements.say(one, {
        ...checked,
        changed,
        waiting: this.#waiting,
        refusal: this.#refusal,
      });
    }
  }

  /** Objects that mean this node, with what there is of them, and all others. */
  async #look(): Promise<{ readonly known: Known[]; readonly others: [Kind, unknown][] }> {
    const node = await this.#objects.get(KINDS.Node, "", this.#options.nodeName);
    const labels = objectAt(node, "metadata", "labels");
    const known: Known[] = [];
    const others: [Kind, unknown][] = [];
    const sources = this.#sources();
    for (const [at, kind] of WATCHED.entries()) {
      for (const object of this.#watched[at]!.all) {
        if (metaOf(object).isGoing || !selects(objectAt(object, "spec")["selector"], labels)) {
          others.push([kind, object]);
        } else known.push({ kind, object, ...gatherFiles(kind.kind, object, sources) });
      }
    }
    this.#registryRules.keep(known.map(({ object }) => objectOf(objectAt(object, "spec")["ociArtifact"])));
    return { known, others };
  }

  async #check(files: readonly FileDraft[]): Promise<CheckedFiles> {
    const basis = await this.#options.basis();
    const keyOf = ({ name, bytes }: FileDraft) => `${name} ${hashOf(bytes)}`;
    const keys = new Set(files.map(keyOf));
    const before = this.#checked;
    const isSame = before?.basis === basis && keys.symmetricDifference(before.keys).size === 0;
    if (before !== undefined && isSame) return before.result;
    const result = await this.#examine(files, (file) => before?.keys.has(keyOf(file)) === true);
    this.#checked = { basis, keys, result };
    return result;
  }

  /** Where that cannot be known, files that have been examined before are examined without the new ones. */
  async #examine(
    files: readonly FileDraft[],
    isKnown: (file: FileDraft) => boolean,
  ): Promise<CheckedFiles> {
    const { signal } = this.#stop;
    try {
      return await this.#options.examine(await this.#placed.compared(files), signal);
    } catch (error) {
      signal.throwIfAborted();
      const known = files.filter(isKnown);
      const fresh = files.filter((file) => !isKnown(file));
      const { good, refused } = known.length === 0 || fresh.length === 0
        ? { good: [], refused: new Map() }
        : await this.#examine(known, () => false);
      const others = fresh.length === 0 ? files : fresh;
      const names = others.map(({ name }) => name).join(", ");
      return {
        good,
        refused: new Map([
          ...refused,
          ...others.map(({ name }) => [name, `${names}: ${messageOf(error)}`] as const),
        ]),
      };
    }
  }

  #sources(): Sources {
    const maps = this.#watched[WATCHED.length]!;
    return {
      configMap: (name) => {
        const map = maps.all.find((one) => metaOf(one).name === name);
        return map === undefined ? undefined : objectAt(map, "data");
      },
      oci: (spec) => this.#registryRules.look(spec),
    };
  }
}
