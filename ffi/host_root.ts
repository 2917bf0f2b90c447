// Where the root of the host's file system is: in a container below the folder that HOST_ROOT names, else at "".
// In: the environment. Out: what to put before a path of the host.
// This is the only place that reads the variable. Elsewhere: whether it is this host's root (sources/live/host_view.ts).

export function hostRoot(): string {
  return Deno.env.get("HOST_ROOT") ?? "";
}
