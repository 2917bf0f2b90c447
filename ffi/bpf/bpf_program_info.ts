// What the kernel knows about a loaded BPF program: its name, how often it was skipped (since Linux 5.12), and with
// kernel.bpf_stats_enabled its runs and their time.
// In: the program's file descriptor. Out: the values, read from struct bpf_prog_info.

import { checkSyscall, libbpf } from "./libbpf.ts";

/** struct bpf_prog_info up to and with recursion_misses; the kernel fills as much as there is room for. */
const INFO_BYTES = 216;
const NAME_AT = 64;
const NAME_BYTES = 16;
const RUN_TIME_NS_AT = 192;
const RUN_CNT_AT = 200;
const RECURSION_MISSES_AT = 208;

export interface ProgramInfo {
  readonly name: string;
  readonly runs: bigint;
  readonly nanoseconds: bigint;
  /** the kernel did not run it, since it or another program had not ended on that CPU */
  readonly skipped: bigint;
}

export function programInfo(fd: number): ProgramInfo {
  const info = new Uint8Array(INFO_BYTES);
  const length = new Uint8Array(new Uint32Array([INFO_BYTES]).buffer);
  checkSyscall("bpf_obj_get_info_by_fd", libbpf().bpf_obj_get_info_by_fd(fd, info, length));
  const view = new DataView(info.buffer);
  const name = info.subarray(NAME_AT, NAME_AT + NAME_BYTES);
  const end = name.indexOf(0);
  return {
    name: new TextDecoder().decode(end < 0 ? name : name.subarray(0, end)),
    runs: view.getBigUint64(RUN_CNT_AT, true),
    nanoseconds: view.getBigUint64(RUN_TIME_NS_AT, true),
    skipped: view.getBigUint64(RECURSION_MISSES_AT, true),
  };
}
