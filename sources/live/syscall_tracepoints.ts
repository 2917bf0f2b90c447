// The tracepoints of single system calls at entry, opened as perf events.
// In: names of calls. Out: a descriptor for each, or undefined when this kernel or its confinement refuses one: the
// caller then has all calls dispatched instead (probe/families/dispatch.bpf.h), which costs every call some time.
// The numbers of tracepoints stand in tracefs. Where it is not mounted, it is mounted for this process alone.

import { mountDetached } from "../../ffi/detached_mount.ts";
import { CallError, ERRNO } from "../../ffi/errors.ts";
import { closeFd } from "../../ffi/libc.ts";
import { openTracepoint } from "../../ffi/perf_event.ts";

/** In a container the host's file systems may be mounted below HOST_ROOT only. */
const PLACES = ["", Deno.env.get("HOST_ROOT") ?? ""].flatMap((root) => [
  `${root}/sys/kernel/tracing`,
  `${root}/sys/kernel/debug/tracing`,
]);

export function openEntryTracepoints(calls: readonly string[]): Map<string, number> | undefined {
  const ids = calls.length === 0 ? [] : tracepointIds(calls);
  if (ids === undefined) return undefined;
  const opened = new Map<string, number>();
  try {
    calls.forEach((call, i) => opened.set(call, openTracepoint(ids[i]!)));
    return opened;
  } catch (error) {
    for (const fd of opened.values()) closeFd(fd);
    // with too few files the rest would fail too, and less clearly
    if (error instanceof CallError && error.errno !== ERRNO.EMFILE) return undefined;
    throw error;
  }
}

function tracepointIds(calls: readonly string[]): number[] | undefined {
  for (const place of PLACES) {
    const ids = readIds(place, calls);
    if (ids !== undefined) return ids;
  }
  try {
    const mount = mountDetached("tracefs");
    try {
      return readIds(`/proc/self/fd/${mount}`, calls);
    } finally {
      closeFd(mount);
    }
  } catch (error) {
    if (error instanceof CallError) return undefined;
    throw error;
  }
}

function readIds(tracefs: string, calls: readonly string[]): number[] | undefined {
  try {
    const ids = calls.map((call) =>
      Number(Deno.readTextFileSync(`${tracefs}/events/syscalls/sys_enter_${call}/id`))
    );
    return ids.every((id) => id > 0) ? ids : undefined;
  } catch {
    return undefined; // not mounted, not readable, or a kernel without tracepoints for system calls
  }
}
