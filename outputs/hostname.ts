// The name of this host in alerts. Made harmless: who names a host may be a stranger.

import { hostName } from "../ffi/mod.ts";
import { sanitize } from "../base/mod.ts";

export function alertHostname(): string {
  return sanitize(hostName());
}
