// Keys beyond Falco's about sinks: further ones, the spool on disk, and what keeps noise away from all of them.

import {
  bool,
  choice,
  duration,
  int,
  list,
  number,
  own,
  PRIORITY_WORDS,
  record,
  text,
  texts,
} from "../definition.ts";
import { SINK_KEYS, SINK_NAME } from "../sinks/common.ts";
import { SINK_TYPES } from "../sinks/types.ts";

const DAY_MS = 86_400_000;

export const SINKS = own({
  "sinks": list(
    {
      type: "tagged",
      tag: "type",
      common: { ...SINK_NAME, ...SINK_KEYS },
      variants: SINK_TYPES,
      help: "a sink",
    },
    "further sinks, each with `type`, a `name`, and the keys of its type",
  ),
});

export const SPOOL = own({
  "spool.enabled": bool(
    false,
    "all sinks keep alerts on disk until they are acknowledged, not only those with `spool: true`",
  ),
  "spool.directory": text("/var/lib/falco/spool", "folder of the spool"),
  "spool.max_bytes": int(
    268_435_456,
    65_536,
    1_099_511_627_776,
    "size of the spool on disk; beyond it alerts wait in memory, as without a spool",
  ),
  "spool.max_age_s": int(
    604_800,
    1,
    31_536_000,
    "seconds, of those in which falco runs, after which an alert is dropped and counted",
  ),
});

export const NOISE_CONTROL = own({
  "noise_control.rate_limit.rate": number(
    0,
    0,
    1_000_000,
    "alerts a second of all rules together; 0: no limit",
  ),
  "noise_control.rate_limit.max_burst": int(1000, 1, 10_000_000, "alerts at once before `rate` counts"),
  "noise_control.rate_limit.spared_priority": choice(
    "critical",
    PRIORITY_WORDS,
    "alerts at least this severe are not held back by the limit of all rules: a flood must not hide them",
  ),
  "noise_control.rule_rate_limit.rate": number(0, 0, 1_000_000, "alerts a second of each rule; 0: no limit"),
  "noise_control.rule_rate_limit.max_burst": int(
    100,
    1,
    10_000_000,
    "alerts of a rule at once before `rate` counts",
  ),
  "noise_control.summary_interval": duration(
    60_000,
    1000,
    DAY_MS,
    "after this time an alert says how many of its rule the limits have held back",
  ),
  "noise_control.grouping.enabled": bool(
    false,
    "repeats: the first alert at once, then one summary with a count for each window",
  ),
  "noise_control.grouping.window": duration(60_000, 1000, DAY_MS, "how long repeats are counted"),
  "noise_control.grouping.fields": texts(
    "alerts of a rule are repeats when these fields have the same values",
    ["proc.name", "container.id"],
  ),
  "noise_control.grouping.max_groups": int(
    10_000,
    1,
    1_000_000,
    "groups that are kept at once; the oldest ends early when there are more",
  ),
  "noise_control.rules": list(
    record(
      {
        "rule": text(undefined, "name of the rules; * stands for anything"),
        "tag": text(undefined, "tag of the rules"),
        "rate": number(undefined, 0, 1_000_000, "alerts a second; 0: no limit"),
        "max_burst": int(undefined, 1, 10_000_000, "alerts at once before `rate` counts"),
        "group": bool(undefined, "group repeats"),
        "window": duration(undefined, 1000, DAY_MS, "how long repeats are counted"),
        "fields": { type: "texts", help: "fields that make a group" },
      },
      "an exception",
      ({ rule, tag }) => rule === undefined && tag === undefined ? "must have rule or tag" : undefined,
    ),
    "other limits and groups for some rules; the first entry that fits a rule counts",
  ),
});
