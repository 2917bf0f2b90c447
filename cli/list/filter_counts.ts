// What the kernel's filter has decided so far, asked of the falco that runs with these settings.
// In: settings (webserver, metrics). Out: counts by type of event; undefined where none answers, which is no mistake.
// Elsewhere: what answers (service/web), the metrics themselves (service/metrics/filter_metrics.ts).

import { concatenate } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";

export interface FilterCounts {
  readonly seen: number;
  readonly passed: number;
  readonly dropped: number;
}

const TIMEOUT_MS = 1000;
/** Where no falco runs, it may be somebody else who answers. */
const MAX_BYTES = 4 << 20;
const LINE = /^falcosecurity_falco_kernel_filter_(seen|passed|dropped)_total\{type="([^"]+)"\} (\d+)/gm;

export async function askCounts(settings: Settings): Promise<ReadonlyMap<string, FilterCounts> | undefined> {
  const url = metricsUrl(settings);
  if (url === undefined) return undefined;
  try {
    const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await textOf(response);
    return response.ok && text !== undefined ? countsIn(text) : undefined;
  } catch {
    return undefined;
  }
}

async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(concatenate(chunks));
}

function metricsUrl(settings: Settings): string | undefined {
  const port = settings["webserver.listen_port"];
  const answers = settings["webserver.enabled"] && settings["metrics.enabled"] &&
    settings["webserver.prometheus_metrics_enabled"] && port !== 0;
  // a certificate names the host as others reach it, and a token is not for somebody else who may listen there
  if (!answers || settings["webserver.ssl_enabled"] || settings["webserver.bearer_token_file"] !== "") {
    return undefined;
  }
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
