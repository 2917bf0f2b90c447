// Whose user namespace a process is in.
// In: the process's folder in /proc. Out: the user of the host who made the outermost namespace around it that is not
// the host's own; 0 in the host's own; nothing when the process has gone.
//
// Namespaces inside of a namespace belong to users of that one, who are nobody on the host: only the outermost counts.

import { closeFd, cString, errno, libc } from "./libc.ts";

const NS_GET_PARENT = 0xb702n;
const NS_GET_OWNER_UID = 0xb704n;
const EPERM = 1;
const O_CLOEXEC = 0o2000000;
/** The kernel allows 32 levels. */
const MAX_LEVELS = 33;

export function userNamespaceOwner(processFolder: string): number | undefined {
  let fd = libc().open(cString(`${processFolder}/ns/user`), O_CLOEXEC);
  if (fd < 0) return undefined;
  let owner = 0;
  try {
    for (let level = 0; level < MAX_LEVELS; level++) {
      const parent = libc().ioctl(fd, NS_GET_PARENT, null);
      // the outermost one that can be seen has none
      if (parent < 0) return errno() === EPERM ? owner : undefined;
      const uid = new Uint32Array(1);
      if (libc().ioctl(fd, NS_GET_OWNER_UID, uid) < 0) {
        closeFd(parent);
        return undefined;
      }
      owner = uid[0]!;
      closeFd(fd);
      fd = parent;
    }
    return undefined;
  } finally {
    closeFd(fd);
  }
}
