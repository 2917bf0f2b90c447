// The name under which a receiver can tell that it has an alert already (Nats-Msg-Id, _id of Elasticsearch …).
// In: an alert. Out: the same text whenever the same alert is sent, after a restart and out of a spool as well.
// Elsewhere: how each protocol carries it (outputs/sinks/).

import type { AlertFacts } from "./alert_facts.ts";

const MAX_HOSTNAME_CHARACTERS = 64;

/**
 * Host, time and number. The number alone starts over with each run, and a boot or run id would be another one when
 * a spooled alert is sent by the next run; two runs that give one number to alerts of the same nanosecond do not happen.
 */
export function alertId({ hostname, timeNs, sequence }: AlertFacts): string {
  const host = hostname.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, MAX_HOSTNAME_CHARACTERS);
  return `${host}-${timeNs}-${sequence}`;
}
