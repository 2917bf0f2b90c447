// What /metrics answers.
// In: facts. Out: Prometheus text of everything that the settings ask for.

import type { ServiceFacts } from "./facts.ts";
import { falcoMetrics } from "./falco_metrics.ts";
import { ownMetrics } from "./own_metrics.ts";
import { prometheusText } from "./prometheus_text.ts";
import { wrapperMetrics } from "./wrapper_metrics.ts";

export async function metricsText(facts: ServiceFacts): Promise<string> {
  return prometheusText([...wrapperMetrics(facts), ...await falcoMetrics(facts), ...ownMetrics(facts)]);
}
