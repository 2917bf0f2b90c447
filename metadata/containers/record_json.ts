// Facts of a container as the JSON that records carry, of bounded size.
// In: facts, however large or strange the engine's answer was. Out: one JSON text without control characters.
// Elsewhere: the event around it (scap/event_block.ts, service/containers/containers.ts).

import type { ContainerFacts, Labels, Mount } from "./container_facts.ts";

/** What goes beyond these is left out and counted. */
const MAX_LABELS = 1000;
const MAX_LIST = 1000;
const MAX_LIST_CHARACTERS = 64 * 1024;
const MAX_TEXT = 4096;

/** Kubernetes' own names, which the CRI engine adds, are no labels that somebody made too long. */
const ALWAYS_KEPT = /^io\.kubernetes\.(pod|sandbox|container)\./;

export interface RecordJson {
  readonly json: string;
  /** labels, mounts and environment variables that were left out for their number or size */
  readonly leftOut: number;
}

/**
 * @param labelMaxLength labels with longer values are left out, as Falco's `label_max_len` says
 * @param sliceUid the record is about containers in the slice of this user; 0: about those in nobody's
 */
export function recordJson(
  facts: ContainerFacts,
  labelMaxLength: number,
  maxListCharacters: number = MAX_LIST_CHARACTERS,
  sliceUid = 0,
): RecordJson {
  let leftOut = 0;
  const labels = (all: Labels): Labels => {
    const kept: [string, string][] = [];
    let characters = 0;
    for (const [key, value] of Object.entries(all)) {
      if (value.length > labelMaxLength && !ALWAYS_KEPT.test(key)) continue;
      characters += key.length + value.length;
      if (kept.length >= MAX_LABELS || characters > maxListCharacters) leftOut++;
      else kept.push([key, value]);
    }
    return Object.fromEntries(kept);
  };
  const list = <T>(all: readonly T[], size: (item: T) => number): T[] => {
    let characters = 0;
    const kept = all.filter((item, at) => {
      characters += size(item);
      return at < MAX_LIST && characters <= maxListCharacters;
    });
    leftOut += all.length - kept.length;
    return kept;
  };
  const bounded: Record<string, unknown> = {
    ...facts,
    owner_uid: sliceUid,
    labels: labels(facts.labels),
    pod_sandbox_labels: facts.pod_sandbox_labels === null ? null : labels(facts.pod_sandbox_labels),
    env: list(facts.env, (text) => text.length),
    port_mappings: list(facts.port_mappings, () => 1),
    Mounts: list(facts.Mounts, mountCharacters),
  };
  for (const [key, value] of Object.entries(bounded)) {
    if (typeof value === "string" && value.length > MAX_TEXT) bounded[key] = value.slice(0, MAX_TEXT);
  }
  return { json: JSON.stringify({ container: bounded }), leftOut };
}

function mountCharacters({ Source, Destination, Mode, Propagation }: Mount): number {
  return Source.length + Destination.length + Mode.length + Propagation.length;
}
