// The name of this host in alerts: FALCO_HOSTNAME where it is set (a container's own name says little), else the
// system's.

export function alertHostname(): string {
  return Deno.env.get("FALCO_HOSTNAME") || Deno.hostname();
}
