// Fields of the thread that made the event. Falco lists them with those of the process.

import { parseFields } from "./parse.ts";

export const THREAD_FIELDS = /* @__PURE__ */ parseFields(
  "process",
  `
thread.cap_permitted | str fn c3 | Capabilities that the thread may switch on, separated by blanks. | CAP_CHOWN CAP_KILL
thread.cap_inheritable | str fn c3 | Capabilities that the thread can pass on through execve, separated by blanks.
thread.cap_effective | str fn c3 | Capabilities that are in force, separated by blanks. | CAP_SYS_ADMIN
thread.pfmajor | u64 fn | Page faults of the thread that needed the disk.
thread.pfminor | u64 fn | Page faults of the thread that memory could serve.
thread.tid | i64 fn | Id of the thread. | 4243
thread.ismain | bool fn | Whether this is the main thread of its process.
thread.vtid | i64 fn | Id of the thread as its own pid namespace sees it. | 7
thread.nametid | str fn hidden c3 | Name of the process and id of the thread in one text. | nginx4243
thread.exectime | reltime fn | Nanoseconds that the thread ran before it was last switched off its CPU. Needs scheduler events.
thread.totexectime | reltime fn | Nanoseconds that the thread ran altogether since it was first seen. Needs scheduler events.
thread.cgroups | str fn c3 | All cgroups of the thread as subsystem=path, separated by blanks. | cpu=/user.slice
thread.cgroup | str fn c3 arg!name | Cgroup of the thread for one subsystem: thread.cgroup.memory. | /user.slice
thread.cpu | f64 fn | Share of a CPU that the thread used in the last second, in percent. Only in the periodic reports (procinfo) of old captures.
thread.cpu.user | f64 fn | The part of thread.cpu that ran in the program.
thread.cpu.system | f64 fn | The part of thread.cpu that ran in the kernel.
thread.vmsize | u64 fn | Virtual memory of the process in kilobytes; 0 for threads other than the main one.
thread.vmrss | u64 fn | Memory of the process in RAM in kilobytes; 0 for threads other than the main one.
thread.vmsize.b | u64 fn hidden | thread.vmsize in bytes.
thread.vmrss.b | u64 fn hidden | thread.vmrss in bytes.
`,
);
