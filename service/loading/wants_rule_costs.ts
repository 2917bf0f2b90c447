// Whether anybody would see what each rule costs; when not, the rules are compiled without counting.

import type { Settings } from "../../config/mod.ts";

export function wantsRuleCosts(settings: Settings): boolean {
  return settings["metrics.enabled"] && settings["metrics.rule_costs_enabled"] &&
    settings["webserver.enabled"] && settings["webserver.prometheus_metrics_enabled"];
}
