// Variables of the environment: those that falco itself reads, and those that a configuration file names.
// In a file `${NAME}` is replaced by the variable's value, by nothing when it is not set; variables in that value are
// replaced, too. `$${NAME}` stands for the text `${NAME}`. Rules files are not expanded.

import { givenEnvironment } from "../assets/mod.ts";

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

/** A value that names ever more variables would fill the memory. */
const MAX_CHARACTERS = 1 << 20;

export function expandVariables(
  written: string,
  get: (name: string) => string | undefined = (name) => givenEnvironment()[name],
): string {
  let characters = 0;
  const expand = (text: string, within: readonly string[]): string => {
    if (!text.includes("${")) return text;
    return text.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
      if (whole.startsWith("$$")) return whole.slice(1);
      // a variable that leads back to itself is left as it is written
      if (within.includes(name) || characters > MAX_CHARACTERS) return whole;
      const value = isName(name) ? get(name) ?? "" : "";
      characters += value.length;
      return expand(value, [...within, name]);
    });
  };
  return expand(written, []);
}

/** Others cannot be asked for: Deno throws. */
function isName(name: string): boolean {
  return name !== "" && !/[=\0]/.test(name);
}
