// Files of every kind that can stand where one is read.

import { anySyscall } from "../../ffi/any_syscall.ts";

export async function inFolder<T>(job: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    return await job(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

export function makeFifo(path: string): void {
  const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
  if (!success) throw new Error(`mkfifo ${path} failed`);
}

export function makeSocket(path: string): Deno.Listener {
  return Deno.listen({ transport: "unix", path });
}

const SYS_MKDIR = Deno.build.arch === "aarch64" ? 34n : 83n;
const SYS_RMDIR = Deno.build.arch === "aarch64" ? 35n : 84n;

/** Names in bytes that are no UTF-8. A folder of such a name: nothing else is asked of a name. */
export function withBadName<T>(folder: string, suffix: string, job: () => T): T {
  const path = Uint8Array.from([
    ...new TextEncoder().encode(`${folder}/`),
    0xff,
    0xfe,
    ...new TextEncoder().encode(suffix),
    0,
  ]);
  if (Deno.build.arch === "aarch64") {
    anySyscall(Number(SYS_MKDIR), [-100n, path, 0o755n]);
  } else {
    anySyscall(Number(SYS_MKDIR), [path, 0o755n]);
  }
  try {
    return job();
  } finally {
    anySyscall(Number(SYS_RMDIR), Deno.build.arch === "aarch64" ? [-100n, path, 0x200n] : [path]);
  }
}
