// Real ways to keep events from flowing in a falco that runs, from outside, and to let them flow again.
// In: its process id. Out: what undoes it.
//
// Interest: the probe's table of wanted calls is emptied, through the kernel's own list of maps.
// Worker: one thread is stopped with ptrace while all others go on.

const SYS_BPF = 321n;
const BPF_LOOKUP = 1;
const BPF_UPDATE = 2;
const BPF_FD_BY_ID = 14;
const ATTR_BYTES = 128;
const INTEREST_BYTES = 512;
const SYS_PTRACE = 101n;
const PTRACE_SEIZE = 0x4206n;
const PTRACE_INTERRUPT = 0x4207n;
const PTRACE_DETACH = 17n;

const SYMBOLS = {
  bpf: { name: "syscall", parameters: ["i64", "i32", "buffer", "u32"], result: "i64" },
  ptrace: { name: "syscall", parameters: ["i64", "i64", "i64", "i64", "i64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

function withLibc<T>(use: (libc: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"]) => T): T {
  const library = Deno.dlopen("libc.so.6", SYMBOLS);
  try {
    return use(library.symbols);
  } finally {
    library.close();
  }
}

function address(bytes: Uint8Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

/** The id of the array of 512 bytes that this process holds: the map `.data.interest`. */
function interestMap(pid: number): number {
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    let text: string;
    try {
      text = Deno.readTextFileSync(`/proc/${pid}/fdinfo/${name}`);
    } catch {
      continue;
    }
    const value = (key: string) => Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? -1);
    if (value("map_type") === 2 && value("value_size") === INTEREST_BYTES) return value("map_id");
  }
  throw new Error(`process ${pid} holds no table of wanted calls`);
}

/** Nothing is reported until the returned function is called. */
export function emptyInterest(pid: number): () => void {
  const id = interestMap(pid);
  const key = new Uint8Array(4);
  const exchange = (command: number, value: Uint8Array<ArrayBuffer>) =>
    withLibc((libc) => {
      const byId = new Uint8Array(ATTR_BYTES);
      new DataView(byId.buffer).setUint32(0, id, true);
      const fd = Number(libc.bpf(SYS_BPF, BPF_FD_BY_ID, byId, ATTR_BYTES));
      if (fd < 0) throw new Error("the map cannot be opened");
      const attr = new Uint8Array(ATTR_BYTES);
      const view = new DataView(attr.buffer);
      view.setUint32(0, fd, true);
      view.setBigUint64(8, address(key), true);
      view.setBigUint64(16, address(value), true);
      const result = libc.bpf(SYS_BPF, command, attr, ATTR_BYTES);
      libc.close(fd);
      if (result < 0n) throw new Error("the map cannot be read or written");
    });
  const before = new Uint8Array(INTEREST_BYTES);
  exchange(BPF_LOOKUP, before);
  exchange(BPF_UPDATE, new Uint8Array(INTEREST_BYTES));
  return () => exchange(BPF_UPDATE, before);
}

/** The thread in epoll_wait on the rings, which is the engine's worker, hangs until the returned function is called. */
export function stopThread(tid: number): () => void {
  const call = (request: bigint) => withLibc((libc) => libc.ptrace(SYS_PTRACE, request, BigInt(tid), 0n, 0n));
  if (call(PTRACE_SEIZE) < 0n) throw new Error(`thread ${tid} cannot be traced`);
  if (call(PTRACE_INTERRUPT) < 0n) throw new Error(`thread ${tid} cannot be stopped`);
  return () => {
    if (call(PTRACE_DETACH) < 0n) throw new Error(`thread ${tid} cannot be let go`);
  };
}
