// What every sink has, whatever its type: Falco's own channels below their section, entries of `sinks` as their keys.

import { FORMATS } from "../../alerts/mod.ts";
import { bool, choice, int, own, priority, text } from "../definition.ts";
import { MAX_QUEUE_BYTES } from "../queue_limits.ts";

export const SINK_KEYS = own({
  "format": choice("falco", FORMATS, "form of the messages; falco: text, or JSON with json_output"),
  "priority": priority("alerts less severe than this are not sent here"),
  "spool": bool(false, "keep what has not been acknowledged on disk, see `spool`"),
  "queue_capacity": int(
    100_000,
    1,
    10_000_000,
    `alerts that wait in memory for this sink, ${
      MAX_QUEUE_BYTES >> 20
    } MiB at most; more are dropped and counted`,
  ),
});

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** An entry of `sinks` may have a name; without one it is called after its type. */
export const SINK_NAME = own({
  "name": text(
    undefined,
    "unique, for log and metrics; by default its type",
    (name) => NAME.test(name) ? undefined : "must be letters, digits, `_`, `-` or `.`, at most 63",
  ),
});
