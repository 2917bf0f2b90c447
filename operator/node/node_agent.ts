// The artifact kinds of Falco's operator on one node: what objects say becomes files that falco loads, and whether falco could
// use them is said in an ArtifactNode.
// In: a client, the node, folders, a way to know whether falco takes a file. Out: files, statuses, a call when files changed.
// Elsewhere: files of one object (artifact_files.ts), all nodes together (artifact/artifact_status.ts).
//
// The status says what is so: nothing of files that were put in place until falco has loaded them or has refused to.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, objectAt, pause } from "../../base/mod.ts";
import type { ApiClient, Timing } from "../../kube/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import type { Log } from "../api/log.ts";
import { metaOf, Objects, ownerOf } from "../api/objects.ts";
import { Watched } from "../api/watched.ts";
import { WorkQueue } from "../api/work_queue.ts";
import { type ArtifactFile, type Gathered, gatherFiles, type Sources } from "./artifact_files.ts";
import { EventRecorder, type FileChange } from "./event_recorder.ts";
import { type CheckedFiles, checkFiles, type FilesCheck } from "./file_check.ts";
import { selects } from "./node_selector.ts";

export interface NodeAgentOptions {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly nodeName: string;
  readonly folders: Readonly<Record<ArtifactFile["folder"], string>>;
  readonly oci: (
    spec: Readonly<Record<string, unknown>>,
    objects: Objects,
  ) => Promise<Uint8Array<ArrayBuffer>>;
  /** begins a check of files in place of those that are there */
  readonly check: () => FilesCheck;
  /** @returns whether `checkAgain` or `reloadRefused` follows */
  readonly onChanged: (why: string) => boolean;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

const MANAGER = "falco-artifact";
const NODE_LABEL = "artifact.falcosecurity.dev/node";
const MAX_FETCHED = 20;
const WATCHED = [KINDS.Rulesfile, KINDS.Config, KINDS.Plugin];
/** Files that are the agent's: PP-SS-NAME-MEDIUM.yaml. */
const OWN_FILE = /^\d\d-0[123]-.+-(?:oci|inline|configmap)\.yaml$/;

interface Known extends Gathered {
  readonly kind: Kind;
  readonly object: unknown;
}

export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #stop = new AbortController();
  readonly #objects: Objects;
  readonly #watched: readonly Watched[];
  readonly #queue: WorkQueue;
  /** rules of registries, by what was asked for: fetched once, as by Falco's operator */
  readonly #fetched = new Map<string, Uint8Array<ArrayBuffer>>();
  /** the files that were checked last, and what came of it */
  #checked: { readonly key: string; readonly result: CheckedFiles } | undefined;
  /** of files that are in place in part, what their whole is */
  readonly #partOf = new Map<string, string>();
  /** files that falco has not loaded yet */
  readonly #waiting = new Set<string>();
  /** why falco refused to load what is in place */
  #refusal: string | undefined;
  readonly #events: EventRecorder;
  /** what was said about each object, so that it is not said again */
  readonly #said = new Map<string, string>();

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    const { client, namespace, log, timing } = options;
    const { signal } = this.#stop;
    this.#objects = new Objects(client, MANAGER, signal);
    this.#events = new EventRecorder(this.#objects, options.nodeName, log);
    this.#queue = new WorkQueue(() => this.#settle(), log, signal);
    const common = { client, namespace, log, ...timing === undefined ? {} : { timing } };
    const ask = () => this.#queue.ask("artifacts", true);
    this.#watched = [
      ...[...WATCHED, KINDS.ConfigMap].map((kind) => new Watched({ ...common, kind, onChange: ask })),
      new Watched({
        ...common,
        kind: KINDS.ArtifactNode,
        labels: `${NODE_LABEL}=${options.nodeName}`,
        // somebody has taken away what this node said: it is said again
        onChange: (object, isGone) => {
          const { name } = metaOf(object);
          if (isGone && (this.#said.get(name) ?? "") !== "" && this.#said.delete(name)) ask();
        },
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
    this.#fetched.clear();
  }

  close(): void {
    this.#stop.abort();
    for (const one of this.#watched) one.close();
  }

  async #settle(): Promise<void> {
    await Promise.all(this.#watched.map((one) => one.listed));
    const { nodeName, log, onChanged } = this.#options;
    const node = await this.#objects.get(KINDS.Node, "", nodeName);
    const labels = objectAt(node, "metadata", "labels");
    const known: Known[] = [];
    const others: [Kind, unknown][] = [];
    for (const [at, kind] of WATCHED.entries()) {
      for (const object of this.#watched[at]!.all) {
        if (metaOf(object).isGoing || !selects(objectAt(object, "spec")["selector"], labels)) {
          others.push([kind, object]);
          continue;
        }
        known.push({ kind, object, ...await gatherFiles(kind.kind, object, this.#sources()) });
      }
    }
    const wanted = known.flatMap(({ files }) => files).sort((a, b) => a.name < b.name ? -1 : 1);
    const checked = await this.#check(wanted);
    const kept = new Set([
      ...checked.refused.keys(),
      ...known.flatMap(({ failures }) => failures.flatMap(({ file }) => file ?? [])),
    ]);
    const changed = await this.#place(checked.good, kept);
    this.#remember(wanted, checked);
    if (changed.size > 0) {
      const names = [...changed].map(([name, change]) => change === "Removed" ? `${name} is gone` : name);
      log(`artifacts: ${names.join(", ")}`);
      for (const name of changed.keys()) this.#waiting.add(name);
      this.#refusal = undefined;
      if (!onChanged(`artifacts of Kubernetes have changed: ${names.join(", ")}`)) this.#waiting.clear();
    }
    for (const [kind, object] of others) await this.#withdraw(kind, object);
    for (const one of known) await this.#say(one, checked, changed);
    const passing = known.flatMap(({ failures }) => failures).find(({ isPassing }) => isPassing === true);
    if (passing !== undefined) throw new Error(passing.message);
  }

  async #check(files: readonly ArtifactFile[]): Promise<CheckedFiles> {
    const check = this.#options.check();
    const key = [check.basis, ...files.map(({ name, bytes }) => `${name} ${hash(bytes)}`)].join("\n");
    if (this.#checked?.key === key) return this.#checked.result;
    const there = new Set<string>();
    for (const path of Object.values(this.#options.folders)) {
      for (const name of await readdir(path).catch(() => [])) there.add(name);
    }
    const isThere = ({ name, bytes }: ArtifactFile) =>
      there.has(name) && this.#partOf.get(name) !== hash(bytes);
    const result = await checkFiles(files, check, isThere, () => pause(0, this.#stop.signal));
    this.#checked = { key, result };
    return result;
  }

  #remember(wanted: readonly ArtifactFile[], { good, refused }: CheckedFiles): void {
    for (const { name } of good) {
      const whole = wanted.find((file) => file.name === name);
      if (refused.has(name) && whole !== undefined) this.#partOf.set(name, hash(whole.bytes));
      else this.#partOf.delete(name);
    }
  }

  /** @returns what is another now */
  async #place(good: readonly ArtifactFile[], kept: ReadonlySet<string>): Promise<Map<string, FileChange>> {
    const changed = new Map<string, FileChange>();
    for (const [folder, path] of Object.entries(this.#options.folders)) {
      await mkdir(path, { recursive: true });
      const own = good.filter((file) => file.folder === folder);
      for (const name of (await readdir(path)).filter((one) => OWN_FILE.test(one))) {
        // what falco had of a file that is bad now, or cannot be had, stays
        if (own.some((file) => file.name === name) || kept.has(name)) continue;
        await unlink(join(path, name));
        changed.set(name, "Removed");
      }
      for (const { name, bytes } of own) {
        const before = await readFile(join(path, name)).catch(() => undefined);
        if (before !== undefined && hash(before) === hash(bytes)) continue;
        await writeFile(join(path, `.${name}`), bytes);
        await rename(join(path, `.${name}`), join(path, name));
        changed.set(name, before === undefined ? "Stored" : "Updated");
      }
    }
    return changed;
  }

  async #say(
    known: Known,
    { good, refused }: CheckedFiles,
    changed: ReadonlyMap<string, FileChange>,
  ): Promise<void> {
    const { kind, object, files, failures, unresolved, remark } = known;
    const { name, generation } = metaOf(object);
    const { namespace, nodeName, folders } = this.#options;
    for (const { name, medium } of files) {
      const change = changed.get(name);
      if (change !== undefined) await this.#events.stored(kind, object, medium, change);
    }
    const waiting = files.filter(({ name }) => this.#waiting.has(name));
    const isRefused = waiting.length > 0 && this.#refusal !== undefined;
    // falco is at it
    if (waiting.length > 0 && !isRefused) return;
    const bad = files.filter((file) => refused.has(file.name));
    const messages = [
      ...failures.map(({ message }) => message),
      ...bad.map((file) => refused.get(file.name)!),
      ...isRefused ? [`falco has not loaded it: ${this.#refusal}`] : [],
    ];
    const programmed: Finding = messages.length === 0
      ? {
        type: "Programmed",
        status: "True",
        reason: "Programmed",
        message: remark ?? "All artifacts sources were programmed successfully",
      }
      : {
        type: "Programmed",
        status: "False",
        reason: failures[0]?.reason ?? "ProgramFailed",
        message: messages.join("; "),
      };
    const references: Finding[] = objectAt(object, "spec")["configMapRef"] === undefined ? [] : [{
      type: "ResolvedRefs",
      status: unresolved === undefined ? "True" : "False",
      reason: unresolved === undefined ? "ReferenceResolved" : "ReferenceResolutionFailed",
      message: unresolved ?? "All references were resolved successfully",
    }];
    const installed = good.filter(({ name }) => files.some((file) => file.name === name)).map((file) => ({
      medium: file.medium,
      path: join(folders[file.folder], file.name),
      priority: file.priority,
      contentHash: hash(file.bytes),
    }));
    const own = nodeObjectName(kind, name, nodeName);
    const said = JSON.stringify([generation, programmed, references, installed]);
    if (this.#said.get(own) === said) return;
    const base = { apiVersion: KINDS.ArtifactNode.apiVersion, kind: "ArtifactNode" };
    const made = await this.#objects.apply({
      ...base,
      metadata: {
        name: own,
        namespace,
        labels: {
          "artifact.falcosecurity.dev/parent": name,
          [NODE_LABEL]: nodeName,
          "artifact.falcosecurity.dev/kind": kind.kind.toLowerCase(),
        },
        ownerReferences: [ownerOf(kind, object)],
      },
      spec: { nodeName },
    });
    await this.#objects.applyStatus({
      ...base,
      metadata: { name: own, namespace },
      status: {
        conditions: conditionsOf(made, generation, [programmed, ...references]),
        installedArtifacts: installed,
      },
    });
    this.#said.set(own, said);
    if (programmed.status !== "True") {
      await this.#events.failed(kind, object, programmed.reason, programmed.message);
    }
  }

  /** An object that does not mean this node any more. */
  async #withdraw(kind: Kind, object: unknown): Promise<void> {
    const own = nodeObjectName(kind, metaOf(object).name, this.#options.nodeName);
    if (this.#said.get(own) === "") return;
    await this.#objects.remove(KINDS.ArtifactNode, this.#options.namespace, own);
    this.#said.set(own, "");
  }

  #sources(): Sources {
    const maps = this.#watched[WATCHED.length]!;
    return {
      configMap: (name) => {
        const map = maps.all.find((one) => metaOf(one).name === name);
        return Promise.resolve(map === undefined ? undefined : objectAt(map, "data"));
      },
      oci: async (spec) => {
        const key = JSON.stringify(spec);
        const before = this.#fetched.get(key);
        if (before !== undefined) return before;
        try {
          const bytes = await this.#options.oci(spec, this.#objects);
          if (this.#fetched.size >= MAX_FETCHED) this.#fetched.clear();
          this.#fetched.set(key, bytes);
          return bytes;
        } catch (error) {
          throw new Error(`Failed to store OCI artifact: ${messageOf(error)}`);
        }
      },
    };
  }
}

/** As Falco's operator names them. */
export function nodeObjectName(kind: Kind, artifact: string, node: string): string {
  const full = `${kind.kind.toLowerCase()}--${artifact}--${node}`;
  if (full.length <= 253) return full;
  const short = hash(new TextEncoder().encode(full)).slice(0, 8);
  return `${full.slice(0, 253 - short.length - 2)}--${short}`;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
