// Metrics beyond Falco's: costs of rules, outputs, losses, rings, reloads, the canary.
// In: facts. Out: metrics, each with its own help.

import { FAULT_KINDS } from "../../config/mod.ts";
import { EVENTS } from "../../schema/mod.ts";
import { healthReport } from "../web/health.ts";
import type { ServiceFacts } from "./facts.ts";
import { filterMetrics } from "./filter_metrics.ts";
import { type Metric, ownCounter as total, ownGauge as now } from "./metric.ts";

export function ownMetrics(facts: ServiceFacts): Metric[] {
  return [
    ...healthMetrics(facts),
    ...costMetrics(facts),
    ...sinkMetrics(facts),
    ...lossMetrics(facts),
    ...filterMetrics(facts),
    ...flowMetrics(facts),
    ...metadataMetrics(facts),
    ...sourceMetrics(facts),
  ];
}

function healthMetrics(facts: ServiceFacts): Metric[] {
  const { canary, reload, lateness } = facts;
  return [
    now("healthy", "1 when /healthz answers 200", healthReport(facts).isHealthy ? 1 : 0),
    ...FAULT_KINDS.map((kind) =>
      now(
        "faults",
        "parts of the configuration that are wrong, and that falco runs without",
        facts.faults?.filter((fault) => fault.kind === kind).length ?? 0,
        { kind },
      )
    ),
    now(
      "reload_problem",
      "1 when the files on disk are not what is in force",
      reload.problem === undefined ? 0 : 1,
    ),
    total("reloads", "reloads of rules and settings", reload.succeeded, { result: "ok" }),
    total("reloads", "reloads of rules and settings", reload.failed, { result: "failed" }),
    total("unexpected_failures", "failures that nobody had expected", facts.unexpectedFailures ?? 0),
    ...lateness === undefined ? [] : [
      now(
        "alert_lateness_sec",
        "from the event to the outputs, the worst of the last minute",
        lateness.worstMs / 1000,
        {},
        "sec",
      ),
      total(
        "alert_lateness_sum",
        "the same, of all alerts together",
        lateness.totalMs / 1000,
        {},
        "sec_total",
      ),
      total("alert_lateness_measured", "alerts in that sum", lateness.alerts),
    ],
    ...canary === undefined ? [] : [
      total("canary_sent", "calls that falco made to see whether events come through", canary.sent),
      total("canary_seen", "of these calls those that came through", canary.seen),
      now(
        "canary_silent_sec",
        "since the latest that came through was made",
        canary.silentMs / 1000,
        {},
        "sec",
      ),
      now(
        "canary_latency_sec",
        "from the call to the main thread",
        (canary.latencyMs ?? 0) / 1000,
        {},
        "sec",
      ),
    ],
  ];
}

function costMetrics({ ruleCosts, rules }: ServiceFacts): Metric[] {
  return ruleCosts.flatMap(({ rule, evaluations, nanoseconds }) => {
    const labels = { rule_name: rules[rule]?.name ?? String(rule) };
    return [
      total("rules_evaluations", "how often the condition of a rule was looked at", evaluations, labels),
      total(
        "rules_evaluation_ns",
        "time for that, estimated from one in 1,024; what rules share is counted to the first of them",
        Math.round(nanoseconds),
        labels,
        "ns_total",
      ),
    ];
  });
}

function sinkMetrics({ sinks, noise }: ServiceFacts): Metric[] {
  const perSink = sinks.flatMap((sink) => {
    const labels = { sink: sink.name };
    return [
      now("sink_queued_alerts", "alerts that wait for an output", sink.queuedMessages, labels),
      now("sink_queued_bytes", "their size", sink.queuedBytes, labels, "bytes"),
      now("sink_failing", "1 while an output does not take alerts", sink.isFailing ? 1 : 0, labels),
      total("sink_delivered", "alerts that an output has taken", sink.delivered, labels),
      total("sink_retries", "attempts of an output that failed and were repeated", sink.retries, labels),
      ...Object.entries(sink.dropped).map(([cause, count]) =>
        total("sink_dropped", "alerts that an output will never get", count, { ...labels, cause })
      ),
    ];
  });
  const held = noise.heldBack.map(({ rule, cause, count }) =>
    total("alerts_suppressed", "alerts that noise control held back", count, { rule_name: rule, cause })
  );
  return [
    ...perSink,
    ...held,
    total("noise_follow_ups", "alerts that said how many were held back", noise.followUps),
    total("noise_groups_evicted", "groups of repeats that ended early", noise.groupsEvicted),
  ];
}

function lossMetrics({ live: { matcher }, source }: ServiceFacts): Metric[] {
  return [
    total("alerts", "matches that the matcher handed over", matcher["ALERTS"]),
    total("alerts_truncated", "of these, those with values that found no room", matcher["ALERTS_TRUNCATED"]),
    total("events_unknown", "records of a type that is not known", matcher["EVENTS_UNKNOWN"]),
    total("events_damaged", "records whose lengths do not add up", matcher["EVENTS_DAMAGED"]),
    total("events_out_of_order", "events older than one evaluated before", matcher["EVENTS_OUT_OF_ORDER"]),
    total("threads_evicted", "threads forgotten because the table was full", matcher["THREADS_EVICTED"]),
    total("fds_evicted", "file descriptors forgotten because the table was full", matcher["FDS_EVICTED"]),
    total("heap_refused", "allocations of the matcher that failed", matcher["HEAP_REFUSED"]),
    total("page_faults", "parameters that could not be read from the caller", source["page_faults"]),
    total("tail_call_failed", "calls that found no program of the probe", source["tail_call_failed"]),
    total(
      "captures_refused",
      "matches that began no capture because too many had begun within a minute",
      source["captures_refused"],
    ),
    ...["asked", "answered", "refused"].map((outcome) =>
      total("lookups", "questions about unknown processes and files", source[`lookups_${outcome}`], {
        outcome,
      })
    ),
    total(
      "command_lines_late",
      "command lines that could not be read from /proc in time",
      source["command_lines_late"],
    ),
    total("drops_skipped", "times that the kernel did not run the probe", source["drops_skipped"]),
    now("heap_bytes", "memory of the matcher in use", matcher["HEAP_BYTES"], {}, "bytes"),
    now("strings", "distinct texts that are kept", matcher["STRINGS"]),
  ];
}

function flowMetrics({ live: { events, rings } }: ServiceFacts): Metric[] {
  const byType = [...events].map(([code, count]) =>
    total("events", "events decoded, by type", count, {
      type: EVENTS[code]?.name ?? String(code),
      dir: EVENTS[code]?.direction ?? "",
      code: String(code),
    })
  );
  const perRing = rings.flatMap(({ bytes, used }, ring) => [
    now("ring_used_bytes", "written by the kernel and not yet read", used, { ring: String(ring) }, "bytes"),
    now("ring_size_bytes", "room in a ring buffer", bytes, { ring: String(ring) }, "bytes"),
  ]);
  return [...byType, ...perRing];
}

/** Of sources of JSON and of audit events: what became of each event. */
function sourceMetrics({ metadata }: ServiceFacts): Metric[] {
  return Object.entries(metadata).flatMap(([name, value]) => {
    const [, source, outcome] = /^sources\.(.+)\.([^.]+)$/.exec(name) ?? [];
    if (source === undefined || outcome === undefined) return [];
    return [total("source_events", "events of a source, by what became of them", value, { source, outcome })];
  });
}

/** Besides what the matcher counts: what came of questions, by engine and cause. */
function metadataMetrics({ live: { matcher }, metadata }: ServiceFacts): Metric[] {
  const told = Object.entries(metadata).flatMap(([name, value]) => {
    const [subject = "", first = "", ...more] = name.split(".");
    if (subject !== "containers" && subject !== "kubernetes") return [];
    const cause = more.join("_");
    if (subject === "containers" && first !== "users" && cause !== "") {
      const labels = { engine: first, cause };
      return [total("container_lookups", "questions about containers, by what came of them", value, labels)];
    }
    const what = cause === "" ? first : `${first}_${cause}`;
    return [now("metadata", "what is known of containers, their users and pods", value, { subject, what })];
  });
  const evaluated = (["ASKED", "AWAITED", "IN_TIME", "LATE", "CROWDED", "UNKNOWN", "OVER_BUDGET"] as const)
    .map((
      outcome,
    ) =>
      total(
        "containers_seen",
        "containers that turned up in events, by what was known of them in time",
        matcher[`CONTAINERS_${outcome}`],
        {
          outcome: outcome.toLowerCase(),
        },
      )
    );
  return [
    ...evaluated,
    total(
      "containers_wait_ns",
      "for how long evaluating stood still for containers",
      matcher["CONTAINERS_WAIT_NS"],
      {},
      "ns_total",
    ),
    total("containers_evicted", "containers forgotten for lack of room", matcher["CONTAINERS_EVICTED"]),
    total("containers_refused", "records of containers without room", matcher["CONTAINERS_REFUSED"]),
    ...told,
  ];
}
