// Events of JSON for the rule that is explained: a file of them, such as an audit log.
// In: code for one source, the file. Out: reports while they come, counters at the end, as service/run/observe.ts gives them.
// Elsewhere: the engine (engine/json_engine.ts), reading (sources/json/).

import { UsageError } from "../../base/mod.ts";
import type { Alert } from "../../alerts/mod.ts";
import { JsonEngine, MAX_EVENT_BYTES } from "../../engine/mod.ts";
import type { CompiledExplanation } from "../../rules/mod.ts";
import { BatchReader, JSON_EXTRACTORS, jsonEventFinders, readFiles } from "../../sources/json/mod.ts";
import { AUDIT_EXTRACTORS, AUDIT_FINDERS } from "../../sources/k8s_audit/mod.ts";
import type { Observed } from "../../service/mod.ts";

const AUDIT = "k8s_audit";
/** As Falco numbers its plugin k8saudit; other sources have no plugin. */
const AUDIT_PLUGIN_ID = 1;
const OTHER_PLUGIN_ID = 999;

export async function explainJson(
  source: string,
  rules: CompiledExplanation["code"],
  path: string | undefined,
  onAlert: (alert: Alert) => void,
): Promise<Pick<Observed, "leafWords" | "losses"> & { readonly events: number }> {
  if (path === undefined) {
    throw new UsageError([
      `rules of the source ${source} see no system calls: name a file of events, as in --trace audit.log`,
    ]);
  }
  const isAudit = source === AUDIT;
  const engine = new JsonEngine({
    source,
    pluginId: isAudit ? AUDIT_PLUGIN_ID : OTHER_PLUGIN_ID,
    extractors: isAudit ? [JSON_EXTRACTORS, AUDIT_EXTRACTORS] : [JSON_EXTRACTORS],
    onAlert,
  });
  engine.put(rules);
  const finders = isAudit ? AUDIT_FINDERS : jsonEventFinders({}, () => 0n);
  const stream = new BatchReader({ finders, maxEventBytes: MAX_EVENT_BYTES }).stream(true);
  let events = 0;
  const losses: string[] = [];
  const take = (
    batches: Iterable<
      { readonly events: readonly { text: Uint8Array; timeNs: bigint }[]; readonly reason?: string }
    >,
  ) => {
    for (const batch of batches) {
      if (batch.reason !== undefined) losses.push(`${path}: ${batch.reason}`);
      for (const { text, timeNs } of batch.events) {
        engine.evaluate(text, timeNs);
        events++;
      }
    }
  };
  let isFirst = true;
  for await (const chunk of readFiles(path, new AbortController().signal)) {
    if (chunk === "end of file") continue;
    if (isFirst && isCapture(chunk)) {
      throw new UsageError([
        `${path} is a capture file of system calls, and the rule is about events of ${source}: name a file of JSON`,
      ]);
    }
    isFirst = false;
    take(stream.take(chunk));
  }
  take(stream.end());
  return {
    events,
    leafWords: engine.leafWords(),
    losses: losses.slice(0, 5),
  };
}

/** A section header, or a compressed file. */
function isCapture(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes[1] === 0x0d && bytes[2] === 0x0d && bytes[3] === 0x0a ||
    bytes[0] === 0x1f && bytes[1] === 0x8b;
}
