// ConfigMaps and Secrets that an artifact names are not deleted under it: they have a finalizer as long as one names them.
// In: all artifacts. Out: finalizers.
// Elsewhere: reading ConfigMaps and Secrets (node/).
//
// Secrets are not watched: the operator would hold all of the cluster. It looks at those that are named, again and again, and
// once, at its start, for finalizers that nothing needs any more.

import { objectAt, textOf } from "../../base/mod.ts";
import { type Kind, KINDS } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";

interface Source {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

const FINALIZERS: ReadonlyMap<Kind, string> = new Map<Kind, string>([
  [KINDS.ConfigMap, "artifact.falcosecurity.dev/configmap-in-use"],
  [KINDS.Secret, "artifact.falcosecurity.dev/secret-in-use"],
]);

export class SourcesInUse {
  readonly #objects: Objects;
  /** what has the finalizer, or may have it */
  readonly #held = new Map<string, Source>();
  #isStarted = false;

  constructor(objects: Objects) {
    this.#objects = objects;
  }

  async settle(artifacts: readonly unknown[]): Promise<void> {
    if (!this.#isStarted) await this.#findHeld();
    this.#isStarted = true;
    const wanted = new Map(artifacts.flatMap(sourcesOf).map((source) => [keyOf(source), source]));
    for (const [key, source] of wanted) {
      if (await this.#set(source, true)) this.#held.set(key, source);
    }
    for (const [key, source] of this.#held) {
      if (wanted.has(key)) continue;
      await this.#set(source, false);
      this.#held.delete(key);
    }
  }

  async #findHeld(): Promise<void> {
    for (const [kind, finalizer] of FINALIZERS) {
      for (const object of await this.#objects.list(kind, "")) {
        const { name, namespace, finalizers } = metaOf(object);
        const source = { kind, namespace, name };
        if (finalizers.includes(finalizer)) this.#held.set(keyOf(source), source);
      }
    }
  }

  async #set({ kind, namespace, name }: Source, isInUse: boolean): Promise<boolean> {
    const finalizer = FINALIZERS.get(kind)!;
    return await this.#objects.changeFinalizers(kind, namespace, name, (all, isGoing) => {
      const others = all.filter((one) => one !== finalizer);
      // nothing can be added to what is being deleted
      if (!isInUse || (isGoing && others.length === all.length)) return others;
      return [...others, finalizer];
    });
  }
}

function sourcesOf(artifact: unknown): Source[] {
  const { namespace } = metaOf(artifact);
  const map = textOf(objectAt(artifact, "spec", "configMapRef")["name"]);
  const secret = textOf(
    objectAt(artifact, "spec", "ociArtifact", "registry", "auth", "secretRef")["name"],
  );
  return [
    ...map === "" ? [] : [{ kind: KINDS.ConfigMap, namespace, name: map }],
    ...secret === "" ? [] : [{ kind: KINDS.Secret, namespace, name: secret }],
  ];
}

function keyOf({ kind, namespace, name }: Source): string {
  return `${kind.plural} ${namespace}/${name}`;
}
