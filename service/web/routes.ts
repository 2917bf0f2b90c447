// What is answered at which path.
// In: method, path and Authorization header of a request. Out: status, type and body. Nothing can be changed over it.
// Elsewhere: connections and their bounds (web_server.ts), the bodies (health.ts, base/versions.ts, ../metrics).

import type { ServiceFacts } from "../metrics/facts.ts";
import { PROMETHEUS_CONTENT_TYPE } from "../metrics/prometheus_text.ts";
import type { BearerToken } from "./bearer_token.ts";
import { healthBody, healthReport } from "./health.ts";
import { versionsBody } from "../../base/mod.ts";

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";

export interface WebRequest {
  readonly method: string;
  /** without a query */
  readonly path: string;
  readonly authorization: string | undefined;
}

export interface WebAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteOptions {
  readonly healthPath: string;
  readonly withMetrics: boolean;
  readonly token: BearerToken | undefined;
  readonly facts: () => ServiceFacts;
  /** Prometheus text */
  readonly metrics: () => Promise<string>;
  /** JSON: how far reloads have come; absent where there are none */
  readonly reload?: () => string;
}

export async function answer(request: WebRequest, options: RouteOptions): Promise<WebAnswer> {
  const { healthPath, withMetrics, token } = options;
  const { path, method } = request;
  const isHealth = path === healthPath;
  const isReload = path === "/reload" && options.reload !== undefined;
  const isKnown = isHealth || path === "/versions" || isReload || (path === "/metrics" && withMetrics);
  // who may not ask must not learn what there is; orchestrators ask for health without a token
  if (!isHealth && token !== undefined && !token.admits(request.authorization)) {
    return plain(401, "a bearer token is needed", { "WWW-Authenticate": 'Bearer realm="falco"' });
  }
  if (!isKnown) return plain(404, notFound(path, options));
  if (method !== "GET" && method !== "HEAD") return plain(405, "only GET and HEAD", { Allow: "GET, HEAD" });
  if (isReload) return { status: 200, type: JSON_TYPE, body: options.reload() };
  if (path === "/versions") return { status: 200, type: JSON_TYPE, body: versionsBody() };
  if (!isHealth) return { status: 200, type: PROMETHEUS_CONTENT_TYPE, body: await options.metrics() };
  const now = options.facts();
  return { status: healthReport(now).isHealthy ? 200 : 503, type: JSON_TYPE, body: healthBody(now) };
}

function notFound(path: string, { healthPath, withMetrics, reload }: RouteOptions): string {
  const others = [...reload === undefined ? [] : ["/reload"], ...withMetrics ? ["/metrics"] : []];
  const known = [healthPath, "/versions", ...others].join(", ");
  const metrics = path === "/metrics" && !withMetrics
    ? "; metrics need metrics.enabled and webserver.prometheus_metrics_enabled"
    : "";
  return `there is ${known}${metrics}`;
}

function plain(status: number, text: string, headers?: WebAnswer["headers"]): WebAnswer {
  return { status, type: TEXT_TYPE, body: `${text}\n`, ...(headers === undefined ? {} : { headers }) };
}
