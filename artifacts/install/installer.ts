// Installing artifacts: described, checked, verified, fetched, unpacked, accepted, put in place, in this order.
// In: references. Out: what became of each; nothing is changed by one that fails.
// Elsewhere: the steps, in the other folders; whether rules are good (`accept`); when it happens (follower.ts).
//
// Registries are asked side by side. Putting in place is one after the other, in the order of the list, since what is there
// already decides what is good; one that takes long is passed over, and delays no other.

import { about, ArtifactError } from "../failure.ts";
import type { Artifact } from "../package/manifest.ts";
import type { ArtifactType } from "../package/media_types.ts";
import { unmetRequirements } from "../package/requirements.ts";
import { type PackedFile, unpack } from "../package/unpack.ts";
import { referenceText } from "../reference.ts";
import type { Trust } from "../signature/trust.ts";
import { inOrder } from "./in_order.ts";
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
  /** for so long the order of the list counts more than what has come */
  readonly patienceMs?: number;
}

export interface Outcome {
  /** what somebody asked for, or the reference of a dependency */
  readonly asked: string;
  readonly result: "installed" | "unchanged" | "failed";
  readonly installed?: Installed;
  readonly error?: ArtifactError;
}

/** What a registry has given, ready to be put in place; no files: what is there already. */
interface Fetched {
  readonly asked: string;
  readonly artifact: Artifact;
  readonly signedBy: string;
  readonly files: readonly PackedFile[] | undefined;
}

/** Each may hold a whole plugin in memory. */
const AT_ONCE = 4;
const PATIENCE_MS = 10_000;

export class Installer {
  readonly #options: InstallerOptions;

  constructor(options: InstallerOptions) {
    this.#options = options;
  }

  /**
   * Each with its dependencies by itself: one that fails does not keep the others from being installed.
   * @param onSome what there is to tell before the slow ones have come
   */
  async install(
    asked: readonly string[],
    onSome: (outcomes: readonly Outcome[]) => void | Promise<void> = () => {},
  ): Promise<Outcome[]> {
    // one catalog and one connection to a registry for all
    using origins = this.#options.origins();
    const all: Outcome[][] = asked.map(() => []);
    let untold: Outcome[] = [];
    await inOrder(
      asked.map((text) => () => this.#fetchOne(text, origins)),
      { atOnce: AT_ONCE, patienceMs: this.#options.patienceMs ?? PATIENCE_MS },
      async (fetched, at) => {
        all[at] = await this.#placeAll(fetched);
        untold.push(...all[at]);
      },
      async () => {
        const some = untold;
        untold = [];
        if (some.length > 0) await onSome(some);
      },
    );
    return all.flat();
  }

  /** What is needed comes before what needs it; a failure ends the list. */
  async #fetchOne(asked: string, origins: Origins): Promise<(Fetched | Outcome)[]> {
    let resolved: Resolved[];
    try {
      resolved = await resolveAll([asked], (text) => origins.find(text), this.#options.withDependencies);
      for (const { artifact } of resolved) this.#refuseUnfit(artifact);
    } catch (error) {
      return [failed(asked, error)];
    }
    const fetched: (Fetched | Outcome)[] = [];
    for (const one of resolved.reverse()) {
      const next = await this.#fetch(one);
      fetched.push(next);
      if ("result" in next) break;
    }
    return fetched;
  }

  #refuseUnfit({ type, requirements, reference }: Artifact): void {
    const problems = unmetRequirements(requirements);
    if (!this.#options.allowedTypes.includes(type)) {
      problems.unshift(`it is a ${type}, and artifacts.allowed_types has no such`);
    }
    if (problems.length > 0) throw new ArtifactError(`${referenceText(reference)}: ${problems.join("; ")}`);
  }

  async #fetch({ artifact, origin, asked }: Resolved): Promise<Fetched | Outcome> {
    const { trust } = this.#options;
    const { registry, reference } = origin;
    try {
      const signedBy = await trust.check(registry, reference, artifact.digest, origin.wish);
      if (await this.#present(artifact, signedBy) !== undefined) {
        return { asked, artifact, signedBy, files: undefined };
      }
      const layer = await registry.blob(reference.repository, artifact.layer.digest, artifact.layer.bytes);
      return { asked, artifact, signedBy, files: await unpack(layer, artifact.type) };
    } catch (error) {
      return failed(asked, about(referenceText(reference), error));
    }
  }

  async #placeAll(fetched: readonly (Fetched | Outcome)[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const one of fetched) {
      const outcome = "result" in one ? one : await this.#place(one);
      outcomes.push(outcome);
      if (outcome.result === "failed") break;
    }
    return outcomes;
  }

  async #place({ asked, artifact, signedBy, files }: Fetched): Promise<Outcome> {
    const { store, accept } = this.#options;
    try {
      // another one of this list may have brought it meanwhile, or taken its place
      const present = await this.#present(artifact, signedBy);
      if (present !== undefined) return { asked, result: "unchanged", installed: present };
      if (files === undefined) throw new ArtifactError("it was replaced while it was looked at");
      await accept(artifact, files);
      return { asked, result: "installed", installed: await store.put(artifact, files, signedBy) };
    } catch (error) {
      return failed(asked, about(referenceText(artifact.reference), error));
    }
  }

  async #present({ name, digest }: Artifact, signedBy: string): Promise<Installed | undefined> {
    const { store } = this.#options;
    const before = (await store.installed()).find((one) => one.name === name);
    const isSame = before?.digest === digest && before.signedBy === signedBy;
    return isSame && await store.isWhole(before) ? before : undefined;
  }
}

function failed(asked: string, error: unknown): Outcome {
  const known = error instanceof ArtifactError ? error : about(asked, error);
  return { asked, result: "failed", error: known };
}
