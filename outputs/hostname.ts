// The name of this host in alerts. Made harmless: who names a host may be a stranger.

import { hostName } from "../ffi/host_name.ts";
import { sanitize } from "./sanitize.ts";

export function alertHostname(): string {
  return sanitize(hostName());
}
