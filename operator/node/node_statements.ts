// What this node says about artifacts, in an ArtifactNode for each: whether falco has loaded what it has of it, and if not, why.
// In: an object, what became of its files. Out: ArtifactNodes, events.
// Elsewhere: files (placed_files.ts), all nodes together (artifact/artifact_status.ts).
//
// It says what is so: nothing of files that were put in place until falco has loaded them or has refused to.

import { objectAt } from "../../base/mod.ts";
import { conditionsOf, type Finding } from "../api/conditions.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import { metaOf, type Objects, ownerOf } from "../api/objects.ts";
import type { Gathered } from "./artifact_files.ts";
import type { EventRecorder, FileChange } from "./event_recorder.ts";
import type { CheckedFiles } from "./file_check.ts";
import { hashOf, type PlacedFiles } from "./placed_files.ts";

export interface NodeStatementsOptions {
  readonly objects: Objects;
  readonly events: EventRecorder;
  readonly placed: PlacedFiles;
  readonly namespace: string;
  readonly nodeName: string;
}

/** An object that means this node, and what there is of it. */
export interface Known extends Gathered {
  readonly kind: Kind;
  readonly object: unknown;
}

/** What became of the files of all objects. */
export interface Outcome extends CheckedFiles {
  readonly changed: ReadonlyMap<string, FileChange>;
  /** files that falco has not loaded yet */
  readonly waiting: ReadonlySet<string>;
  /** why falco refused to load what is in place */
  readonly refusal: string | undefined;
}

export const NODE_LABEL = "artifact.falcosecurity.dev/node";
const MAX_NAME = 253;

export class NodeStatements {
  readonly #options: NodeStatementsOptions;
  /** what was said about each object, so that it is not said again; "": there is nothing */
  readonly #said = new Map<string, string>();

  constructor(options: NodeStatementsOptions) {
    this.#options = options;
  }

  async say(known: Known, outcome: Outcome): Promise<void> {
    const { kind, object, files, coming } = known;
    const { changed, waiting, refusal } = outcome;
    const { objects, events, namespace, nodeName } = this.#options;
    for (const { name, medium } of files) {
      const change = changed.get(name);
      if (change !== undefined) await events.stored(kind, object, medium, change);
    }
    // falco, or a registry, is at it
    if (coming !== undefined) return;
    if (refusal === undefined && files.some(({ name }) => waiting.has(name))) return;
    const programmed = programmedBy(known, outcome);
    const references = referencesOf(known);
    const installed = this.#installed(known, outcome);
    const { name, generation } = metaOf(object);
    const own = nodeObjectName(kind, name, nodeName);
    const said = JSON.stringify([generation, programmed, references, installed]);
    if (this.#said.get(own) === said) return;
    const base = { apiVersion: KINDS.ArtifactNode.apiVersion, kind: "ArtifactNode" };
    const made = await objects.apply({
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
    await objects.applyStatus({
      ...base,
      metadata: { name: own, namespace },
      status: {
        conditions: conditionsOf(made, generation, [programmed, ...references]),
        installedArtifacts: installed,
      },
    });
    this.#said.set(own, said);
    if (programmed.status !== "True") {
      await events.failed(kind, object, programmed.reason, programmed.message);
    }
  }

  /** About an object that does not mean this node any more. */
  async withdraw(kind: Kind, object: unknown): Promise<void> {
    const { objects, namespace, nodeName } = this.#options;
    const own = nodeObjectName(kind, metaOf(object).name, nodeName);
    if (this.#said.get(own) === "") return;
    await objects.remove(KINDS.ArtifactNode, namespace, own);
    this.#said.set(own, "");
  }

  /** Somebody has taken away an ArtifactNode. @returns whether it is to be said again */
  lost(name: string): boolean {
    return (this.#said.get(name) ?? "") !== "" && this.#said.delete(name);
  }

  #installed({ files }: Known, { good }: Outcome) {
    return good.filter(({ name }) => files.some((file) => file.name === name)).map((file) => ({
      medium: file.medium,
      path: this.#options.placed.pathOf(file),
      priority: file.priority,
      contentHash: hashOf(file.bytes),
    }));
  }
}

function programmedBy({ files, failures, remark }: Known, { refused, waiting, refusal }: Outcome): Finding {
  const type = "Programmed";
  const messages = [
    ...failures.map(({ message }) => message),
    ...files.flatMap(({ name }) => refused.get(name) ?? []),
    ...files.some(({ name }) => waiting.has(name)) ? [`falco has not loaded it: ${refusal}`] : [],
  ];
  if (messages.length === 0) {
    const message = remark ?? "All artifacts sources were programmed successfully";
    return { type, status: "True", reason: "Programmed", message };
  }
  const reason = failures[0]?.reason ?? "ProgramFailed";
  return { type, status: "False", reason, message: messages.join("; ") };
}

function referencesOf({ object, unresolved }: Known): Finding[] {
  if (objectAt(object, "spec")["configMapRef"] === undefined) return [];
  return [{
    type: "ResolvedRefs",
    status: unresolved === undefined ? "True" : "False",
    reason: unresolved === undefined ? "ReferenceResolved" : "ReferenceResolutionFailed",
    message: unresolved ?? "All references were resolved successfully",
  }];
}

/** As Falco's operator names them. */
export function nodeObjectName(kind: Kind, artifact: string, node: string): string {
  const full = `${kind.kind.toLowerCase()}--${artifact}--${node}`;
  if (full.length <= MAX_NAME) return full;
  const short = hashOf(new TextEncoder().encode(full)).slice(0, 8);
  return `${full.slice(0, MAX_NAME - short.length - 2)}--${short}`;
}
