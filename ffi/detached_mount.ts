// A file system that is mounted nowhere: only a holder of its descriptor sees it, and it goes with the descriptor.
// In: the type of a file system without a device. Out: a descriptor of its root; files are opened through
// /proc/self/fd/N. Since Linux 5.2, and only with CAP_SYS_ADMIN.

import { callError, closeFd, cString, errno, libc } from "./libc.ts";

// the same on every architecture
const SYS_FSOPEN = 430n;
const SYS_FSCONFIG = 431n;
const SYS_FSMOUNT = 432n;

const FSOPEN_CLOEXEC = 1;
const FSCONFIG_CMD_CREATE = 6;
const FSMOUNT_CLOEXEC = 1;

export function mountDetached(type: string): number {
  const c = libc();
  const context = Number(c.syscall_fsopen(SYS_FSOPEN, cString(type), FSOPEN_CLOEXEC));
  if (context < 0) throw callError(`fsopen("${type}")`, errno());
  try {
    if (c.syscall_fsconfig(SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, null, null, 0) < 0n) {
      throw callError(`fsconfig("${type}")`, errno());
    }
    const mount = Number(c.syscall_fsmount(SYS_FSMOUNT, context, FSMOUNT_CLOEXEC, 0));
    if (mount < 0) throw callError(`fsmount("${type}")`, errno());
    return mount;
  } finally {
    closeFd(context);
  }
}
