// All objects of one kind, kept up to date.
// In: a path of the API. Out: the objects; a call for each change.
// Elsewhere: listing and watching (kube/reflector.ts).

import { type ApiClient, Reflector, type Timing } from "../../kube/mod.ts";
import { type Kind, listPath } from "./kinds.ts";
import type { Log } from "./log.ts";
import { metaOf } from "./objects.ts";

export interface WatchedOptions {
  readonly client: ApiClient;
  readonly kind: Kind;
  /** "" for all */
  readonly namespace?: string;
  /** `key=value` that the objects' labels must have */
  readonly labels?: string;
  readonly onChange: (object: unknown, isGone: boolean) => void;
  readonly log: Log;
  readonly timing?: Partial<Timing>;
}

export class Watched {
  readonly #objects = new Map<string, unknown>();
  readonly #listed = Promise.withResolvers<void>();
  readonly #reflector: Reflector;
  #trouble: string | undefined;

  constructor(options: WatchedOptions) {
    const { client, kind, namespace = "", labels, onChange, log, timing } = options;
    this.#reflector = new Reflector({
      client,
      what: kind.plural,
      path: listPath(kind, namespace),
      query: labels === undefined ? {} : { labelSelector: labels },
      shape: "whole",
      watchShape: "whole",
      onObject: (object) => {
        this.#objects.set(metaOf(object).uid, object);
        onChange(object, false);
      },
      onRemoved: (object) => {
        this.#objects.delete(metaOf(object).uid);
        onChange(object, true);
      },
      onListed: (uids) => {
        for (const [uid, object] of this.#objects) {
          if (uids.has(uid)) continue;
          this.#objects.delete(uid);
          onChange(object, true);
        }
        this.#listed.resolve();
      },
      onState: (trouble) => {
        if (trouble === this.#trouble) return;
        if (trouble === undefined) log(`${kind.plural} are watched again`);
        else log(`${kind.plural} cannot be watched: ${trouble}`, "warning");
        this.#trouble = trouble;
      },
      count: () => {},
      ...timing === undefined ? {} : { timing },
    });
  }

  get all(): readonly unknown[] {
    return [...this.#objects.values()];
  }

  /** Resolves when the first list is there. */
  get listed(): Promise<void> {
    return this.#listed.promise;
  }

  run(): Promise<void> {
    return this.#reflector.run();
  }

  close(): void {
    this.#reflector.close();
  }
}
