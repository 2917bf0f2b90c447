// Installing artifacts: described, checked, fetched, verified, unpacked, accepted, put in place, in this order.
// In: references. Out: what became of each; nothing is changed by one that fails.
// Elsewhere: the steps, in the other folders; whether rules are good (`accept`); when it happens (follower.ts).

import { about, ArtifactError } from "../failure.ts";
import type { Artifact } from "../package/manifest.ts";
import type { ArtifactType } from "../package/media_types.ts";
import { unmetRequirements } from "../package/requirements.ts";
import { type PackedFile, unpack } from "../package/unpack.ts";
import { referenceText } from "../reference.ts";
import type { Trust } from "../signature/trust.ts";
import type { Origins } from "./origin.ts";
import { resolveAll, type Resolved } from "./resolve.ts";
import type { Installed, Store } from "./store.ts";

export interface InstallerOptions {
  readonly origins: () => Origins;
  readonly trust: Trust;
  readonly store: Store;
  readonly allowedTypes: readonly ArtifactType[];
  readonly withDependencies: boolean;
  /** throws when falco would be worse off with these files */
  readonly accept: (artifact: Artifact, files: readonly PackedFile[]) => void | Promise<void>;
}

export interface Outcome {
  /** what somebody asked for, or the reference of a dependency */
  readonly asked: string;
  readonly result: "installed" | "unchanged" | "failed";
  readonly installed?: Installed;
  readonly error?: ArtifactError;
}

export class Installer {
  readonly #options: InstallerOptions;

  constructor(options: InstallerOptions) {
    this.#options = options;
  }

  /** Each with its dependencies by itself: one that fails does not keep the others from being installed. */
  async install(asked: readonly string[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const text of asked) outcomes.push(...await this.#installOne(text));
    return outcomes;
  }

  async #installOne(asked: string): Promise<Outcome[]> {
    using origins = this.#options.origins();
    let resolved: Resolved[];
    try {
      resolved = await resolveAll([asked], (text) => origins.find(text), this.#options.withDependencies);
      for (const { artifact } of resolved) this.#refuseUnfit(artifact);
    } catch (error) {
      return [failed(asked, error)];
    }
    const outcomes: Outcome[] = [];
    // what is needed comes before what needs it
    for (const one of resolved.reverse()) {
      const outcome = await this.#place(one);
      outcomes.push(outcome);
      if (outcome.result === "failed") break;
    }
    return outcomes;
  }

  #refuseUnfit({ type, requirements, reference }: Artifact): void {
    const problems = unmetRequirements(requirements);
    if (!this.#options.allowedTypes.includes(type)) {
      problems.unshift(`it is a ${type}, and artifacts.allowed_types has no such`);
    }
    if (problems.length > 0) throw new ArtifactError(`${referenceText(reference)}: ${problems.join("; ")}`);
  }

  async #place({ artifact, origin, asked }: Resolved): Promise<Outcome> {
    const { store, trust, accept } = this.#options;
    const { registry, reference } = origin;
    try {
      const signedBy = await trust.check(registry, reference, artifact.digest, origin.wish);
      const before = (await store.installed()).find(({ name }) => name === artifact.name);
      if (before?.digest === artifact.digest && before.signedBy === signedBy && await store.isWhole(before)) {
        return { asked, result: "unchanged", installed: before };
      }
      const layer = await registry.blob(reference.repository, artifact.layer.digest, artifact.layer.bytes);
      const files = await unpack(layer, artifact.type);
      await accept(artifact, files);
      return { asked, result: "installed", installed: await store.put(artifact, files, signedBy) };
    } catch (error) {
      return failed(asked, about(referenceText(reference), error));
    }
  }
}

function failed(asked: string, error: unknown): Outcome {
  const known = error instanceof ArtifactError ? error : about(asked, error);
  return { asked, result: "failed", error: known };
}
