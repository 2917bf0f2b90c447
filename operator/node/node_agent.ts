// The artifact kinds of Falco's operator on one node: what objects say becomes files that falco loads, and whether falco could
// use them is said in an ArtifactNode.
// In: a client, the node, folders, a way to know whether falco takes a file. Out: files, statuses, a call when files changed.
// Elsewhere: files of one object (artifact_files.ts), all nodes together (artifact/artifact_status.ts).
//
// A file that falco would not take whole is not put in place: what it had of this file before goes on, and the status says
// why, with file and line. All files are tried together, then without those that were bad, until the rest is good: each
// attempt takes a good part of a second, and falco has to make turns in between.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, objectAt, pause } from "../../base/mod.ts";
import type { ApiClient, Timing } from "../../kube/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import { metaOf, Objects, ownerOf } from "../api/objects.ts";
import { Watched } from "../api/watched.ts";
import { WorkQueue } from "../api/work_queue.ts";
import { type ArtifactFile, type Gathered, gatherFiles, type Sources } from "./artifact_files.ts";
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
  /** begins a check of files: what would be wrong with them in place, by file; nothing when all are good */
  readonly check: () => (files: readonly ArtifactFile[]) => ReadonlyMap<string, string>;
  readonly onChanged: (why: string) => void;
  readonly log: (text: string) => void;
  readonly timing?: Partial<Timing>;
}

const MANAGER = "falco-artifact";
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
  #checked: { readonly key: string; readonly refused: ReadonlyMap<string, string> } | undefined;
  /** what was said about each object, so that it is not said again */
  readonly #said = new Map<string, string>();

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    const { client, namespace, log, timing } = options;
    const { signal } = this.#stop;
    this.#objects = new Objects(client, MANAGER, signal);
    this.#queue = new WorkQueue(() => this.#settle(), log, signal);
    this.#watched = [...WATCHED, KINDS.ConfigMap].map((kind) =>
      new Watched({
        client,
        kind,
        namespace,
        log,
        onChange: () => this.#queue.ask("artifacts"),
        ...timing === undefined ? {} : { timing },
      })
    );
  }

  async run(): Promise<void> {
    await Promise.all(this.#watched.map((one) => one.run()));
    await this.#queue.idle();
  }

  checkAgain(): void {
    this.#checked = undefined;
    this.#queue.ask("artifacts");
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
    for (const [at, kind] of WATCHED.entries()) {
      for (const object of this.#watched[at]!.all) {
        if (metaOf(object).isGoing || !selects(objectAt(object, "spec")["selector"], labels)) {
          await this.#withdraw(kind, object);
          continue;
        }
        known.push({ kind, object, ...await gatherFiles(kind.kind, object, this.#sources()) });
      }
    }
    const wanted = known.flatMap(({ files }) => files).sort((a, b) => a.name < b.name ? -1 : 1);
    const refused = await this.#refusedOf(wanted);
    const kept = new Set([
      ...refused.keys(),
      ...known.flatMap(({ failures }) => failures.flatMap(({ file }) => file ?? [])),
    ]);
    const changed = await this.#place(wanted.filter(({ name }) => !refused.has(name)), kept);
    if (changed.length > 0) {
      log(`artifacts: ${changed.join(", ")}`);
      onChanged(`artifacts of Kubernetes have changed: ${changed.join(", ")}`);
    }
    for (const one of known) await this.#say(one, refused);
    const passing = known.flatMap(({ failures }) => failures).find(({ isPassing }) => isPassing === true);
    if (passing !== undefined) throw new Error(passing.message);
  }

  /** Whether these files are good depends on them alone, until other rules are loaded. */
  async #refusedOf(files: readonly ArtifactFile[]): Promise<ReadonlyMap<string, string>> {
    const key = files.map(({ name, bytes }) => `${name} ${hash(bytes)}`).join("\n");
    if (this.#checked?.key !== key) this.#checked = { key, refused: await this.#refused(files) };
    return this.#checked.refused;
  }

  async #refused(files: readonly ArtifactFile[]): Promise<ReadonlyMap<string, string>> {
    const refused = new Map<string, string>();
    const check = this.#options.check();
    for (let left = files; left.length > 0; left = left.filter(({ name }) => !refused.has(name))) {
      // others have their turn
      await pause(0, this.#stop.signal);
      const bad = check(left);
      if (bad.size === 0) break;
      for (const [name, reason] of bad) refused.set(name, reason);
    }
    return refused;
  }

  /** @returns what is another now */
  async #place(good: readonly ArtifactFile[], kept: ReadonlySet<string>): Promise<string[]> {
    const changed: string[] = [];
    for (const [folder, path] of Object.entries(this.#options.folders)) {
      await mkdir(path, { recursive: true });
      const own = good.filter((file) => file.folder === folder);
      for (const name of (await readdir(path)).filter((one) => OWN_FILE.test(one))) {
        // what falco had of a file that is bad now, or cannot be had, stays
        if (own.some((file) => file.name === name) || kept.has(name)) continue;
        await unlink(join(path, name));
        changed.push(`${name} is gone`);
      }
      for (const { name, bytes } of own) {
        const before = await readFile(join(path, name)).catch(() => undefined);
        if (before !== undefined && hash(before) === hash(bytes)) continue;
        await writeFile(join(path, `.${name}`), bytes);
        await rename(join(path, `.${name}`), join(path, name));
        changed.push(name);
      }
    }
    return changed;
  }

  async #say(known: Known, refused: ReadonlyMap<string, string>): Promise<void> {
    const { kind, object, files, failures, unresolved, remark } = known;
    const { name, generation } = metaOf(object);
    const { namespace, nodeName, folders } = this.#options;
    const bad = files.filter((file) => refused.has(file.name));
    const messages = [
      ...failures.map(({ message }) => message),
      ...bad.map((file) => refused.get(file.name)!),
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
    const installed = files.filter((file) => !refused.has(file.name)).map((file) => ({
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
          "artifact.falcosecurity.dev/node": nodeName,
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
  }

  /** An object that does not mean this node any more. */
  async #withdraw(kind: Kind, object: unknown): Promise<void> {
    const own = nodeObjectName(kind, metaOf(object).name, this.#options.nodeName);
    if (this.#said.get(own) === "") return;
    await this.#objects.remove(KINDS.ArtifactNode, this.#options.namespace, own);
    this.#said.set(own, "");
  }

  #sources(): Sources {
    const maps = this.#watched.at(-1)!;
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
