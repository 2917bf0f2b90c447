// event.category and event.type of the Elastic Common Schema for the types of events and, where an alert does not say
// its type, for the tags of rules.
// In: the type of an event, tags. Out: one category and its type; both are from ECS's lists of allowed values.

import type { AlertFields } from "./alert_fields.ts";

export type EcsKind = readonly [category: string, type: string];

const KINDS: readonly (readonly [kind: EcsKind, eventTypes: string])[] = [
  [["process", "start"], "execve execveat clone clone3 fork vfork"],
  [["process", "end"], "procexit exit exit_group kill tkill tgkill"],
  [
    ["process", "change"],
    "setuid setgid setresuid setresgid setreuid setregid setpgid setsid capset prctl ptrace setns unshare chroot " +
    "pivot_root chdir fchdir seccomp prlimit setrlimit",
  ],
  [["process", "info"], "memfd_create process_vm_readv process_vm_writev mmap mprotect userfaultfd"],
  [["file", "access"], "open openat openat2 open_by_handle_at read readv pread preadv"],
  [
    ["file", "creation"],
    "creat mkdir mkdirat mknod mknodat link linkat symlink symlinkat",
  ],
  [["file", "deletion"], "unlink unlinkat rmdir"],
  [
    ["file", "change"],
    "rename renameat renameat2 chmod fchmod fchmodat fchmodat2 chown fchown fchownat lchown write writev pwrite " +
    "pwritev truncate ftruncate fallocate setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr",
  ],
  [["network", "start"], "connect accept accept4"],
  [
    ["network", "connection"],
    "socket socketpair bind listen shutdown sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg send recv setsockopt",
  ],
  [["driver", "start"], "init_module finit_module"],
  [["driver", "end"], "delete_module"],
  [["host", "change"], "mount umount umount2 fsconfig move_mount bpf quotactl swapon swapoff"],
];

const BY_EVENT = new Map(
  KINDS.flatMap(([kind, types]) => types.split(" ").map((type) => [type, kind] as const)),
);

const BY_TAG: readonly (readonly [tag: string, kind: EcsKind])[] = [
  ["network", ["network", "info"]],
  ["filesystem", ["file", "info"]],
  ["file", ["file", "info"]],
  ["users", ["iam", "info"]],
  ["kernel", ["driver", "info"]],
  ["process", ["process", "info"]],
  ["shell", ["process", "info"]],
  ["k8s", ["configuration", "info"]],
];

const OTHER: EcsKind = ["intrusion_detection", "info"];
const OPENED_TO_WRITE: EcsKind = ["file", "change"];

export function ecsKind(fields: AlertFields, tags: readonly string[]): EcsKind {
  const type = fields.peek("evt.type");
  const kind = typeof type === "string" ? BY_EVENT.get(type) : undefined;
  if (kind?.[1] === "access" && fields.peek("evt.is_open_write") === true) return OPENED_TO_WRITE;
  return kind ?? BY_TAG.find(([tag]) => tags.includes(tag))?.[1] ?? OTHER;
}
