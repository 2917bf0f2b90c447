// libbpf: whether it can be opened, which one it is, and where it came from.
// In: what the program carries or the host has. Out: a finding.

import { provideLibbpf } from "../engine/mod.ts";
import { EnvironmentError, messageOf } from "../base/mod.ts";
import { libbpf, LIBBPF_VARIABLE, libbpfVersion } from "../ffi/bpf/mod.ts";
import { fail, type Finding, ok } from "./finding.ts";
import { readText } from "./host_file.ts";

export function checkLibrary(): Finding {
  try {
    provideLibbpf();
    libbpf();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) return fail("libbpf", messageOf(error));
    const { tried, found, remedy } = error.report;
    return fail("libbpf", `${found.join("; ")}: ${tried.join(", ")}`, ...remedy);
  }
  return ok("libbpf", `${libbpfVersion()}, ${origin()}`);
}

/** Where its pages are mapped from. */
function origin(): string {
  const path = /\s(\/\S*libbpf\S*)/.exec(readText("/proc/self/maps") ?? "")?.[1];
  if (Deno.env.get(LIBBPF_VARIABLE)) return `${path ?? "the one"} that ${LIBBPF_VARIABLE} names`;
  if (path === undefined) return "from an unknown place";
  return path.startsWith("/memfd:") ? "carried by this executable" : `${path} of this host`;
}
