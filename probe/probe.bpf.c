// The eBPF probe: one object of all programs.
// In: tracepoints of the kernel (every system call at entry and return, exec, exit). Out: events in the rings.
//
// Build (Debian 12's clang 14 is enough; no vmlinux.h, no bpftool):
//   clang -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Iprobe -idirafter /usr/include/x86_64-linux-gnu \
//         -c probe/probe.bpf.c -o build/probe.bpf.o
//
// The way of a system call: families/dispatch.bpf.h decides whether it is wanted and jumps (tail call) to the
// program of that call in families/, which writes one event with the kit (kit/event.bpf.h) and outputs it.
// Which program serves which call: schema/probe_programs.ts.

#include "kit/maps.bpf.h"

#include "families/dispatch.bpf.h"

#include "families/canary.bpf.h"
#include "families/clone.bpf.h"
#include "families/connect.bpf.h"
#include "families/enter.bpf.h"
#include "families/exec.bpf.h"
#include "families/exit.bpf.h"
#include "families/fd.bpf.h"
#include "families/fd_facts.bpf.h"
#include "families/fd_kinds.bpf.h"
#include "families/generic.bpf.h"
#include "families/identity.bpf.h"
#include "families/io.bpf.h"
#include "families/keyctl.bpf.h"
#include "families/memory.bpf.h"
#include "families/message.bpf.h"
#include "families/mount.bpf.h"
#include "families/open.bpf.h"
#include "families/owner.bpf.h"
#include "families/path.bpf.h"
#include "families/quota.bpf.h"
#include "families/security.bpf.h"
#include "families/signal.bpf.h"
#include "families/socket.bpf.h"
#include "families/stat.bpf.h"
#include "families/wait.bpf.h"

/* The kernel lets only GPL-compatible objects use its tracing helpers. */
char LICENSE[] SEC("license") = "Dual BSD/GPL";
