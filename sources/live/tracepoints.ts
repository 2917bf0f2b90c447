// Tracepoints of the kernel, opened as perf events.
// In: their names, "group/name". Out: a descriptor for each, or undefined when this kernel or its confinement refuses
// one. For calls at entry the caller then has all calls dispatched instead (probe/syscalls/dispatch.bpf.h), which costs
// every call some time. The numbers of tracepoints stand in tracefs. Where it is not mounted, it is mounted for this
// process alone.

import { closeFd, hostRoot, mountDetached } from "../../ffi/mod.ts";
import { CallError, ERRNO } from "../../base/mod.ts";
import { openTracepoint } from "../../ffi/bpf/mod.ts";

/** In a container the host's file systems may be mounted below HOST_ROOT only. */
const PLACES = ["", hostRoot()].flatMap((root) => [
  `${root}/sys/kernel/tracing`,
  `${root}/sys/kernel/debug/tracing`,
]);

export function openTracepoints(names: readonly string[]): Map<string, number> | undefined {
  const ids = names.length === 0 ? [] : tracepointIds(names);
  if (ids === undefined) return undefined;
  const opened = new Map<string, number>();
  try {
    names.forEach((name, i) => opened.set(name, openTracepoint(ids[i]!)));
    return opened;
  } catch (error) {
    for (const fd of opened.values()) closeFd(fd);
    // with too few files the rest would fail too, and less clearly
    if (error instanceof CallError && error.errno !== ERRNO.EMFILE) return undefined;
    throw error;
  }
}

function tracepointIds(names: readonly string[]): number[] | undefined {
  for (const place of PLACES) {
    const ids = readIds(place, names);
    if (ids !== undefined) return ids;
  }
  try {
    const mount = mountDetached("tracefs");
    try {
      return readIds(`/proc/self/fd/${mount}`, names);
    } finally {
      closeFd(mount);
    }
  } catch (error) {
    if (error instanceof CallError) return undefined;
    throw error;
  }
}

function readIds(tracefs: string, names: readonly string[]): number[] | undefined {
  try {
    const ids = names.map((name) => Number(Deno.readTextFileSync(`${tracefs}/events/${name}/id`)));
    return ids.every((id) => id > 0) ? ids : undefined;
  } catch {
    return undefined; // not mounted, not readable, or a kernel without tracepoints for system calls
  }
}
