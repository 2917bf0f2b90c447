// What metrics and health are made of: the service as it is at this moment.
// Types only. In: filled by the service (observation.ts). Elsewhere: what is shown of it (the other files here).

import type { Fault, Settings } from "../../config/mod.ts";
import type { EngineCounters, LiveCounters, RuleCost } from "../../engine/mod.ts";
import type { NoiseCounters, SinkStats } from "../../outputs/mod.ts";
import type { CompiledRule } from "../../rules/mod.ts";
import type { CanaryState } from "../health/canary.ts";
import type { LatenessState } from "../health/lateness.ts";

export interface LoadedFile {
  readonly path: string;
  readonly sha256: string;
}

export interface ReloadFacts {
  readonly succeeded: number;
  readonly failed: number;
  /** epoch nanoseconds of the last one that succeeded */
  readonly lastNs: bigint | undefined;
  /** why the rules that are on disk are not the ones that evaluate; undefined when they are */
  readonly problem: string | undefined;
}

export interface ServiceFacts {
  readonly settings: Settings;
  /** epoch nanoseconds */
  readonly nowNs: bigint;
  readonly startedNs: bigint;
  readonly hostname: string;
  /** the rules that evaluate now; their positions are the numbers of costs */
  readonly rules: readonly CompiledRule[];
  readonly rulesFiles: readonly LoadedFile[];
  readonly configFiles: readonly LoadedFile[];
  /** matches by name of the rule */
  readonly matches: ReadonlyMap<string, bigint>;
  /** of the probe, and whatever else only the worker can tell; as of a moment ago when it is busy */
  readonly source: EngineCounters;
  readonly live: LiveCounters;
  /** of container engines and Kubernetes: `containers.ENGINE.CAUSE`, `kubernetes.NAME` */
  readonly metadata: Readonly<Record<string, bigint>>;
  /** by position of the rule; nothing when they are not counted */
  readonly ruleCosts: readonly RuleCost[];
  readonly sinks: readonly SinkStats[];
  readonly noise: NoiseCounters;
  readonly reload: ReloadFacts;
  /** parts of the configuration that this run is without */
  readonly faults?: readonly Fault[];
  /** what is known of this host is another's */
  readonly hostProblem?: string | undefined;
  /** the kernel's filter is not used although the settings ask for it */
  readonly filterProblem?: string | undefined;
  readonly canary: CanaryState | undefined;
  /** how late alerts of system calls are; absent where none are measured */
  readonly lateness?: LatenessState;
  /** failures that nobody had expected */
  readonly unexpectedFailures?: number;
  /** what the watchdog sees: threads and queues that stand still */
  readonly standstill?: string;
  /** false: only sources of JSON events run, where silence means nothing */
  readonly watchesSyscalls?: boolean;
}
