// What the kernel's filter has decided so far, asked of the falco that runs with these settings.
// In: settings (webserver, metrics). Out: counts by type of event; undefined where none answers, which is no mistake.
// Elsewhere: what answers (service/web), the metrics themselves (service/metrics/filter_metrics.ts).

import type { Settings } from "../../config/mod.ts";

export interface FilterCounts {
  readonly seen: number;
  readonly passed: number;
  readonly dropped: number;
}

const TIMEOUT_MS = 1000;
const LINE = /^falcosecurity_falco_kernel_filter_(seen|passed|dropped)_total\{type="([^"]+)"\} (\d+)/gm;

export async function askCounts(settings: Settings): Promise<ReadonlyMap<string, FilterCounts> | undefined> {
  const url = metricsUrl(settings);
  if (url === undefined) return undefined;
  try {
    const file = settings["webserver.bearer_token_file"];
    const token = file === "" ? undefined : (await Deno.readTextFile(file)).trim();
    const response = await fetch(url, {
      ...token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return response.ok ? countsIn(text) : undefined;
  } catch {
    return undefined;
  }
}

function metricsUrl(settings: Settings): string | undefined {
  const port = settings["webserver.listen_port"];
  const answers = settings["webserver.enabled"] && settings["metrics.enabled"] &&
    settings["webserver.prometheus_metrics_enabled"] && port !== 0;
  // a certificate names the host as others reach it
  if (!answers || settings["webserver.ssl_enabled"]) return undefined;
  const address = settings["webserver.listen_address"].trim();
  const host = address === "0.0.0.0" ? "127.0.0.1" : address === "::" ? "[::1]" : address;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}/metrics`;
}

/** @internal */
export function countsIn(metrics: string): ReadonlyMap<string, FilterCounts> {
  const found = new Map<string, FilterCounts>();
  for (const [, which = "", type = "", count] of metrics.matchAll(LINE)) {
    const before = found.get(type) ?? { seen: 0, passed: 0, dropped: 0 };
    found.set(type, { ...before, [which]: Number(count) });
  }
  return found;
}
