// The name of this host in alerts: FALCO_HOSTNAME where it is set (a container's own name says little), else the
// system's. Made harmless: who names a host may be a stranger.

import { sanitize } from "./sanitize.ts";

export function alertHostname(): string {
  return sanitize(Deno.env.get("FALCO_HOSTNAME") || Deno.hostname());
}
