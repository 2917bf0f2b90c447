// The eBPF probe: one object of all programs.
// In: tracepoints of the kernel (every system call at entry and return, exec, exit). Out: events in the rings.
//
// Build (Debian 12's clang 14 is enough; no vmlinux.h, no bpftool):
//   clang -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Iprobe -idirafter /usr/include/x86_64-linux-gnu \
//         -c probe/probe.bpf.c -o build/probe.bpf.o
//
// The way of a system call: syscalls/dispatch.bpf.h decides whether it is wanted and jumps (tail call) to the
// program of that call in syscalls/, which writes one event with the kit (lib/event.bpf.h) and outputs it.
// Which program serves which call: schema/probe_programs.ts.

#include "lib/maps.bpf.h"

#include "syscalls/dispatch.bpf.h"

#include "syscalls/canary.bpf.h"
#include "syscalls/clone.bpf.h"
#include "syscalls/connect.bpf.h"
#include "syscalls/enter.bpf.h"
#include "syscalls/exec.bpf.h"
#include "syscalls/exit.bpf.h"
#include "syscalls/fd.bpf.h"
#include "syscalls/fd_facts.bpf.h"
#include "syscalls/fd_kinds.bpf.h"
#include "syscalls/generic.bpf.h"
#include "syscalls/identity.bpf.h"
#include "syscalls/io.bpf.h"
#include "syscalls/keyctl.bpf.h"
#include "syscalls/memory.bpf.h"
#include "syscalls/message.bpf.h"
#include "syscalls/mount.bpf.h"
#include "syscalls/open.bpf.h"
#include "syscalls/owner.bpf.h"
#include "syscalls/path.bpf.h"
#include "syscalls/quota.bpf.h"
#include "syscalls/security.bpf.h"
#include "syscalls/signal.bpf.h"
#include "syscalls/socket.bpf.h"
#include "syscalls/stat.bpf.h"
#include "syscalls/wait.bpf.h"

/* The kernel lets only GPL-compatible objects use its tracing helpers. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";
