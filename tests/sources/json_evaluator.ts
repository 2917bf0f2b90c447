// Evaluates JSON events with rules, as a run does, and gives the values of alerts.

import { MAX_EVENT_BYTES } from "../../config/json_limits.ts";
import { type Alert, type AlertValue } from "../../alerts/alert.ts";
import { JsonEngine } from "../../engine/json_engine.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import type { Source } from "../../rules/text/span.ts";
import { BatchReader } from "../../sources/json/batch_reader.ts";
import { JSON_EXTRACTORS } from "../../sources/json/event_fields.ts";
import { jsonEventFinders, type JsonLayout } from "../../sources/json/found_events.ts";
import { AUDIT_FINDERS } from "../../sources/k8s_audit/audit_events.ts";
import { AUDIT_EXTRACTORS } from "../../sources/k8s_audit/audit_fields.ts";

const encoder = new TextEncoder();

export interface Evaluated {
  readonly rule: string;
  readonly values: readonly AlertValue[];
}

export class JsonEvaluator {
  readonly problems: readonly string[];
  readonly engine: JsonEngine;
  readonly reader: BatchReader;
  readonly #alerts: Evaluated[] = [];

  constructor(sources: readonly Source[], source = "k8s_audit", layout: JsonLayout = {}) {
    const isAudit = source === "k8s_audit";
    const loaded = loadRules(sources, { lint: false, sources: isAudit ? [] : [source] });
    this.problems = loaded.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) =>
      message
    );
    const compiled = compileRules(loaded.rules, { matching: "first" });
    this.engine = new JsonEngine({
      source,
      pluginId: isAudit ? 1 : 999,
      extractors: isAudit ? [JSON_EXTRACTORS, AUDIT_EXTRACTORS] : [JSON_EXTRACTORS],
      onAlert: ({ rule, values }: Alert) => this.#alerts.push({ rule: compiled.rules[rule]!.name, values }),
    });
    const rules = compiled.others.get(source);
    if (rules !== undefined) this.engine.put(rules);
    const finders = isAudit ? AUDIT_FINDERS : jsonEventFinders(layout, () => 7n);
    this.reader = new BatchReader({ finders, maxEventBytes: MAX_EVENT_BYTES });
  }

  evaluate(text: string | Uint8Array): readonly Evaluated[] {
    this.#alerts.length = 0;
    const stream = this.reader.stream(false);
    for (
      const batch of [...stream.take(typeof text === "string" ? encoder.encode(text) : text), ...stream.end()]
    ) {
      if (batch.reason !== undefined) throw new Error(batch.reason);
      for (const { text: event, timeNs } of batch.events) this.engine.evaluate(event, timeNs);
    }
    return [...this.#alerts];
  }
}

export function texts(values: readonly AlertValue[]): unknown[] {
  return values.map((value) => {
    if (value.kind === "list") return texts(value.value);
    return value.kind === "missing" ? null : value.value;
  });
}
