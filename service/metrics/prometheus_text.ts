// Metrics as Prometheus reads them: text of version 0.0.4, names as Falco builds them.
// In: metrics. Out: the text, each family once, with its lines together. Unlike Falco's, label values are
// escaped and made harmless.

import { sanitize } from "../../base/mod.ts";
import type { Metric, MetricUnit } from "./metric.ts";

export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4";

const NAMESPACE = "falcosecurity";
const FALCO_HELP = "https://falco.org/docs/metrics/";

/** How a name ends, and what a value is multiplied with to be in that unit. */
const UNITS: Readonly<Record<MetricUnit, readonly [ending: string, factor: number]>> = {
  count: ["total", 1],
  plain: ["", 1],
  perc: ["ratio", 0.01],
  bytes: ["bytes", 1],
  kb: ["bytes", 1024],
  ns_total: ["nanoseconds_total", 1],
  ns: ["nanoseconds", 1],
  sec_total: ["seconds_total", 1],
  sec: ["seconds", 1],
  timestamp_ns: ["timestamp_nanoseconds", 1],
  info: ["info", 1],
};

/** Units that a name in a snapshot ends with; the ending above takes their place. */
const UNIT_IN_NAME = /_(kb|bytes|mb|perc|percentage|ratio|ns|ts|sec|total)$/;

export function prometheusText(metrics: Iterable<Metric>): string {
  const families = new Map<string, { readonly head: string; readonly lines: string[] }>();
  for (const metric of metrics) {
    if (metric.only === "snapshot") continue;
    const name = prometheusName(metric);
    let family = families.get(name);
    if (family === undefined) {
      const help = escapeHelp(metric.help ?? FALCO_HELP);
      family = { head: `# HELP ${name} ${help}\n# TYPE ${name} ${metric.kind}\n`, lines: [] };
      families.set(name, family);
    }
    family.lines.push(`${name}${labelText(metric.labels)} ${valueText(metric)}\n`);
  }
  return [...families.values()].map(({ head, lines }) => head + lines.join("")).join("");
}

function prometheusName({ part, name, unit }: Metric): string {
  const stem = unit === "info" ? name : name.replace(UNIT_IN_NAME, "");
  const parts = [NAMESPACE, part, stem, UNITS[unit][0]].filter((each) => each !== "");
  return parts.join("_").replace(/[^a-zA-Z0-9_:]/g, "_").replace(/_+/g, "_");
}

function valueText({ value, unit }: Metric): string {
  const [, factor] = UNITS[unit];
  if (typeof value === "bigint") return String(factor === 1 ? value : value * BigInt(factor));
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  return String(factor < 1 ? Number((value * factor).toPrecision(12)) : value * factor);
}

/** Sorted by name, as Falco has them. */
function labelText(labels: Metric["labels"]): string {
  if (labels === undefined) return "";
  const texts = new Map(Object.entries(labels).map(([name, value]) => [labelName(name), escapeLabel(value)]));
  if (texts.size === 0) return "";
  const sorted = [...texts].sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return `{${sorted.map(([name, value]) => `${name}="${value}"`).join(",")}}`;
}

function labelName(name: string): string {
  const clean = name.replace(/[^a-zA-Z0-9_]/g, "_").replace(/_+/g, "_");
  return /^[a-zA-Z_]/.test(clean) ? clean : `_${clean}`;
}

function escapeLabel(value: string): string {
  return sanitize(value).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function escapeHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
