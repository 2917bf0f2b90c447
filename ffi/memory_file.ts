// Files that exist in memory only, for those that need a path: the dynamic loader, libbpf.
// In: a name for diagnostics, bytes. Out: a path below /proc/self/fd, good in all threads as long as the process.

import { callError, closeFd, cString, errno, libc } from "./libc.ts";

const MFD_CLOEXEC = 1;

export function createMemoryFile(name: string, bytes: Uint8Array): string {
  const fd = libc().memfd_create(cString(name), MFD_CLOEXEC);
  if (fd < 0) throw callError(`memfd_create("${name}")`, errno());
  const path = `/proc/self/fd/${fd}`;
  try {
    Deno.writeFileSync(path, bytes, { create: false });
  } catch (error) {
    closeFd(fd);
    throw error;
  }
  return path;
}
