// A tracepoint as a perf event: what a program for one tracepoint is attached to.
// In: the tracepoint's number in the kernel. Out: a descriptor. No samples are taken; the program is all.
// Elsewhere: where the numbers come from (sources/live/tracepoints.ts), attaching (bpf_object.ts).

import { anySyscall } from "../any_syscall.ts";
import { callError, errno, libc } from "../libc.ts";

const SYS_PERF_EVENT_OPEN: Readonly<Record<string, bigint>> = { x86_64: 298n, aarch64: 241n };
const PERF_TYPE_TRACEPOINT = 2;
const PERF_FLAG_FD_CLOEXEC = 8n;

/** struct perf_event_attr in its first version: type 0, size 4, config 8; the rest is not needed. */
const ATTR_BYTES = 64;

const ANY_PROCESS = -1;
/** A tracepoint's programs run on every CPU, whichever one the event is opened for. */
const FIRST_CPU = 0;
const NO_GROUP = -1;

const IOCTL: Readonly<Record<string, number>> = { x86_64: 16, aarch64: 29 };
const PERF_EVENT_IOC_DISABLE = 0x2401n;

export function openTracepoint(id: number): number {
  const attr = new Uint8Array(ATTR_BYTES);
  const view = new DataView(attr.buffer);
  view.setUint32(0, PERF_TYPE_TRACEPOINT, true);
  view.setUint32(4, ATTR_BYTES, true);
  view.setBigUint64(8, BigInt(id), true);
  const number = SYS_PERF_EVENT_OPEN[Deno.build.arch]!;
  const c = libc();
  const fd = c.syscall_perf_event_open(number, attr, ANY_PROCESS, FIRST_CPU, NO_GROUP, PERF_FLAG_FD_CLOEXEC);
  if (fd < 0n) throw callError(`perf_event_open(tracepoint ${id})`, errno());
  return Number(fd);
}

/** No samples are taken any more; programs that hang on the event still run. */
export function disablePerfEvent(fd: number): void {
  const result = anySyscall(IOCTL[Deno.build.arch]!, [BigInt(fd), PERF_EVENT_IOC_DISABLE]);
  if (result < 0) throw callError("ioctl(PERF_EVENT_IOC_DISABLE)", -result);
}
