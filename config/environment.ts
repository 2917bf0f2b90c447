// Variables of the environment: those that falco itself reads, and those that a configuration file names.
// In a file `${NAME}` is replaced by the variable's value, by nothing when it is not set; `$${NAME}` stands for the text
// `${NAME}`. Rules files are not expanded.

import { givenEnvironment } from "../assets/environment.ts";

/** For docs. Each is read where it is used. */
export const VARIABLES: Readonly<Record<string, string>> = {
  HOST_ROOT:
    "where the root of the host's file system is mounted, when falco runs in a container (the image says /host); where " +
    "its /proc is not mounted below it and the container has the host's processes, the root of process 1 is taken; default: /",
  FALCO_HOSTNAME: "the hostname in alerts, instead of this host's own",
  FALCO_CGROUP_MEM_PATH:
    "file with the memory of falco's own container, for metrics; default: what its cgroup has",
  FALCO_LIBBPF:
    "a libbpf to use instead of the one inside; only root may be able to write it (docs/install.md)",
};

export function expandVariables(
  written: string,
  get: (name: string) => string | undefined = (name) => givenEnvironment()[name],
): string {
  if (!written.includes("${")) return written;
  return written.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    return isName(name) ? get(name) ?? "" : "";
  });
}

/** Others cannot be asked for: Deno throws. */
function isName(name: string): boolean {
  return name !== "" && !/[=\0]/.test(name);
}
