// Why containers that run here have no names: no engine that could know them answers.
// In: sessions with engines and how each stands, containers that nobody knew. Out: one sentence with what was looked for;
// undefined while nothing is wrong.
// Elsewhere: the sessions (engine_session.ts), who tells it (service/containers/containers.ts).
//
// A host without containers has no engine, and nothing is wrong with it. A socket that the settings name is another thing.
// Where the settings switch all engines off, names are not wanted; where they leave some on, and not the one that is needed, it is told.

import { CONTAINER_TYPE } from "../../schema/mod.ts";
import type { EngineKind } from "./engine_description.ts";
import type { MetContainer } from "./met_container.ts";

export interface EngineStanding {
  readonly engine: EngineKind;
  /** of the socket, as falco sees it */
  readonly path: string;
  /** the settings name this place */
  readonly isConfigured: boolean;
  /** why it cannot be asked; undefined: it can */
  readonly problem: string | undefined;
}

const KUBERNETES = /(^|\/)kubepods/;
const MAX_TOLD = 8;

export class EngineSilence {
  /** engines of which one should have known a container that nobody knew, in one text */
  readonly #wanted = new Map<string, readonly EngineKind[]>();

  /** Nobody knows this container, asked again and again. */
  nobodyKnows(container: MetContainer): void {
    const engines = enginesFor(container);
    if (engines.length > 0) this.#wanted.set(engines.join(), engines);
  }

  /** Leaves out what can be asked now. */
  problem(all: readonly EngineStanding[]): string | undefined {
    const standings = all.filter(({ engine }) => engine !== "podman_storage");
    const isUp = (engine: EngineKind) =>
      standings.some((one) => one.engine === engine && one.problem === undefined);
    for (const [key, engines] of this.#wanted) if (engines.some(isUp)) this.#wanted.delete(key);
    const missing = new Set([...this.#wanted.values()].flat());
    // of places that one engine's settings name, the others are not needed when one answers
    const silent = standings.filter(({ engine, isConfigured, problem }) =>
      problem !== undefined && (missing.has(engine) || (isConfigured && !isUp(engine)))
    );
    if (silent.length === 0) {
      return missing.size === 0 || standings.length === 0
        ? undefined
        : `${UNNAMED}: the settings switch ${[...missing].join(" and ")} off`;
    }
    const looked = silent.slice(0, MAX_TOLD).map(({ engine, path, problem }) =>
      `${engine} at ${path}: ${problem}`
    );
    return `${missing.size > 0 ? UNNAMED : SILENT} (${looked.join("; ")}); ${REMEDY}`;
  }
}

const UNNAMED =
  "containers run here, and no engine that knows them answers, so they have neither names nor images";
const SILENT = "no container engine answers where the settings say";
const REMEDY = "mount the folder of the engine's socket into falco's container, or name the socket in " +
  "plugins[container].init_config.engines.ENGINE.sockets";

/** Those of which any one could tell of it. */
function enginesFor({ type, parent }: MetContainer): readonly EngineKind[] {
  if (KUBERNETES.test(parent)) return ["cri"];
  switch (type) {
    case CONTAINER_TYPE.docker:
      return ["docker"];
    case CONTAINER_TYPE.cri_o:
    case CONTAINER_TYPE.cri:
      return ["cri"];
    case CONTAINER_TYPE.containerd:
      return ["cri", "containerd"];
    default:
      // anybody can call a cgroup like a container
      return [];
  }
}
