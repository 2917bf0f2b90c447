// One metric, before it becomes a line for Prometheus or a field of a snapshot. Names and units are Falco's, so that both
// forms can be derived from one list, as Falco does it.
// Elsewhere: the lists (falco_*.ts, own_metrics.ts), the forms (prometheus_text.ts, snapshot_fields.ts).

export type MetricUnit =
  | "count"
  /** without an ending */
  | "plain"
  | "perc"
  | "bytes"
  | "kb"
  | "ns_total"
  | "ns"
  | "sec_total"
  | "sec"
  | "timestamp_ns"
  | "info";

export interface Metric {
  /** first part of its name in each form */
  readonly part: "falco" | "scap" | "plugins" | "evt";
  /** as in a snapshot, with the unit at its end where it is not a count */
  readonly name: string;
  readonly kind: "counter" | "gauge";
  readonly unit: MetricUnit;
  readonly value: number | bigint;
  readonly labels?: Readonly<Record<string, string>>;
  /** its name in a snapshot, where labels say for Prometheus what it is about */
  readonly field?: string;
  /** absent: both */
  readonly only?: "prometheus" | "snapshot";
  /** one line; absent for Falco's own metrics */
  readonly help?: string;
}

type Value = number | bigint | undefined;
type Labels = Readonly<Record<string, string>>;

/** What only goes up. */
export function counter(
  part: Metric["part"],
  name: string,
  value: Value,
  unit: MetricUnit = "count",
): Metric {
  return { part, name, kind: "counter", unit, value: value ?? 0 };
}

export function gauge(part: Metric["part"], name: string, value: Value, unit: MetricUnit = "count"): Metric {
  return { part, name, kind: "gauge", unit, value: value ?? 0 };
}

/** A text, carried by labels. */
export function info(part: Metric["part"], name: string, labels: Labels): Metric {
  return { part, name, kind: "gauge", unit: "info", value: 1, labels };
}

/** @param field its name in a snapshot; without one it is for Prometheus only */
export function labelled(metric: Metric, labels: Labels, field?: string): Metric {
  return { ...metric, labels, ...(field === undefined ? { only: "prometheus" } : { field }) };
}

export function onlyIn(only: "prometheus" | "snapshot", metric: Metric): Metric {
  return { ...metric, only };
}

/** Beyond Falco's: for Prometheus, so that snapshots hold what Falco's hold. */
export function own(help: string, metric: Metric): Metric {
  return { ...metric, help, only: "prometheus" };
}

/** The two of them in one, for a list of metrics. */
export function ownCounter(
  name: string,
  help: string,
  value: Value,
  labels: Labels = {},
  unit?: MetricUnit,
): Metric {
  return own(help, labelled(counter("falco", name, value, unit), labels));
}

export function ownGauge(
  name: string,
  help: string,
  value: Value,
  labels: Labels = {},
  unit: MetricUnit = "plain",
): Metric {
  return own(help, labelled(gauge("falco", name, value, unit), labels));
}
