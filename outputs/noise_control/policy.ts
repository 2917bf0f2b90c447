// What the settings say about the noise of one rule.
// In: settings, then rules. Out: its limit and how its repeats are grouped; undefined for settings that ask for nothing.
// Elsewhere: doing it (limits.ts, repeats.ts).

import type { Settings } from "../../config/mod.ts";
import { PRIORITIES } from "../../base/mod.ts";
import { wildcard } from "../../rules/mod.ts";

export interface RateLimit {
  readonly rate: number;
  readonly maxBurst: number;
}

export interface Grouping {
  readonly windowMs: number;
  readonly fields: readonly string[];
}

export interface RulePolicy {
  readonly limit?: RateLimit;
  readonly grouping?: Grouping;
}

export interface NoisePolicy {
  readonly limit?: RateLimit;
  /** index in PRIORITIES: so severe alerts are spared from the limit of all rules */
  readonly sparedRank: number;
  readonly summaryMs: number;
  readonly maxGroups: number;
  readonly ofRule: (rule: string, tags: readonly string[]) => RulePolicy;
}

export function noisePolicy(settings: Settings): NoisePolicy | undefined {
  const all = limit(
    settings["noise_control.rate_limit.rate"],
    settings["noise_control.rate_limit.max_burst"],
  );
  const each = limit(
    settings["noise_control.rule_rate_limit.rate"],
    settings["noise_control.rule_rate_limit.max_burst"],
  );
  const grouping = {
    windowMs: settings["noise_control.grouping.window"],
    fields: settings["noise_control.grouping.fields"],
  };
  const groups = settings["noise_control.grouping.enabled"];
  const exceptions = settings["noise_control.rules"].map((entry) => ({
    entry,
    pattern: entry.rule === undefined ? undefined : wildcard(entry.rule),
  }));
  if (all === undefined && each === undefined && !groups && exceptions.length === 0) return undefined;

  const spared = settings["noise_control.rate_limit.spared_priority"];
  return {
    ...(all === undefined ? {} : { limit: all }),
    sparedRank: PRIORITIES.findIndex((priority) => priority.toLowerCase() === spared),
    summaryMs: settings["noise_control.summary_interval"],
    maxGroups: settings["noise_control.grouping.max_groups"],
    ofRule: (rule, tags) => {
      const found = exceptions.find(({ entry, pattern }) =>
        (pattern === undefined || pattern.test(rule)) && (entry.tag === undefined || tags.includes(entry.tag))
      )?.entry;
      const own = found?.rate === undefined && found?.max_burst === undefined ? each : limit(
        found.rate ?? settings["noise_control.rule_rate_limit.rate"],
        found.max_burst ?? settings["noise_control.rule_rate_limit.max_burst"],
      );
      return {
        ...(own === undefined ? {} : { limit: own }),
        ...(found?.group ?? groups
          ? {
            grouping: {
              windowMs: found?.window ?? grouping.windowMs,
              fields: found?.fields ?? grouping.fields,
            },
          }
          : {}),
      };
    },
  };
}

function limit(rate: number, maxBurst: number): RateLimit | undefined {
  return rate === 0 ? undefined : { rate, maxBurst };
}
