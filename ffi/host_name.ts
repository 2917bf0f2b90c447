// The name of this host: what FALCO_HOSTNAME says where it is set (a container's own name says little), else the kernel's.
// Elsewhere: making it harmless for outputs (outputs/hostname.ts).

export function hostName(): string {
  return Deno.env.get("FALCO_HOSTNAME") || Deno.hostname();
}
