// A small BPF object for tests: a ring that a tracepoint of getppid fills, compiled by clang into a temporary folder.
// Out: `buildRingObject`, and the reason to skip where BPF cannot be used.

import { checkPrerequisites } from "../../sources/live/prerequisites.ts";

const SOURCE = `
typedef unsigned int u32; typedef unsigned long long u64;
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define SEC(name) __attribute__((section(name), used))
static long (*bpf_ringbuf_output)(void *ring, void *data, u64 size, u64 flags) = (void *)130;
static u64 (*bpf_get_current_pid_tgid)(void) = (void *)14;
static u64 (*bpf_ktime_get_boot_ns)(void) = (void *)125;
struct pt_regs { unsigned long orig_ax; } __attribute__((preserve_access_index));
struct { __uint(type, 27); __uint(max_entries, 65536); } ring SEC(".maps");
const volatile struct { u64 tgid; u64 syscall; } settings SEC(".rodata.settings") = {};
struct { u64 ts, tid; u32 len; unsigned short type, nparams_low, nparams_high; } __attribute__((packed)) event;
u64 seen SEC(".data.seen") = 0;
SEC("tp_btf/sys_exit") int on_exit_call(u64 *ctx) {
  struct pt_regs *regs = (struct pt_regs *)ctx[0];
  u64 thread = bpf_get_current_pid_tgid();
  if (thread >> 32 != settings.tgid || regs->orig_ax != settings.syscall) return 0;
  u64 data[4] = { bpf_ktime_get_boot_ns(), (u32)thread, 26 | (41ULL << 32), 0 };
  seen++;
  bpf_ringbuf_output(&ring, data, 26, 1);
  return 0;
}
char LICENSE[] SEC("license") = "GPL";
`;

export const RING_BYTES = 65536;

/** Why the live tests cannot run here; undefined when they can. */
export function liveSkipReason(): string | undefined {
  try {
    checkPrerequisites();
    new Deno.Command("clang", { args: ["--version"], stdout: "null", stderr: "null" }).outputSync();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
  }
}

export function buildRingObject(): Uint8Array<ArrayBuffer> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/ring.c`, SOURCE);
    const { success, stderr } = new Deno.Command("clang", {
      args: ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-c", `${folder}/ring.c`, "-o", `${folder}/ring.o`],
    }).outputSync();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return Deno.readFileSync(`${folder}/ring.o`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
