// Events that begin a process and that give it its program, with the parameters that tests of the state vary.
// In: what matters to a test. Out: the bytes of one event. Elsewhere: blocks and parameters (event_stream.ts).

import { EVENT_CODE } from "../../schema/events.ts";
import { event, i64, list, NONE, text, u32, u64Params } from "./event_stream.ts";

const code = (name: string) => EVENT_CODE[name]!;

export interface CloneOptions {
  tid: number;
  result: number;
  pid?: number;
  ptid?: number;
  flags?: number;
  comm?: string;
  timeNs?: bigint;
  cgroups?: string[];
  vtid?: number;
  vpid?: number;
}

export function clone(options: CloneOptions): Uint8Array {
  const {
    tid,
    result,
    pid = tid,
    ptid = 1,
    flags = 0,
    comm = "prog",
    timeNs = 1n,
    cgroups = [],
    vtid = tid,
  } = options;
  const vpid = options.vpid ?? pid;
  return event({
    type: code("CLONE_X"),
    tid,
    timeNs,
    params: [
      ...[i64(result), text(comm), list("arg"), i64(tid), i64(pid), i64(ptid), text(""), i64(1024)],
      ...u64Params(0, 0),
      ...[u32(0), u32(0), u32(0), text(comm), list(...cgroups), u32(flags), u32(0), u32(0)],
      ...[i64(vtid), i64(vpid), i64(0)],
    ],
  });
}

export function exec(tid: number, path: string, cgroups: string[] = []): Uint8Array {
  const comm = path.slice(path.lastIndexOf("/") + 1);
  return event({
    type: code("EXECVE_X"),
    tid,
    timeNs: 2n,
    params: [
      ...[i64(0), text(path), NONE, i64(tid), i64(tid), i64(1), text(""), i64(1024), ...u64Params(0, 0)],
      ...[
        u32(0),
        u32(0),
        u32(0),
        text(comm),
        list(...cgroups),
        list("A=1"),
        u32(0),
        i64(tid),
        u32(1000),
        u32(0),
      ],
      ...[...u64Params(0, 0, 0, 0, 0, 0), u32(0), text(path), i64(tid), u32(0), text(path)],
    ],
  });
}
