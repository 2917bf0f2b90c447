// Fields of the process that made the event, of its ancestors and of its session and process group.

import { parseFields } from "./parse.ts";

export const PROCESS_FIELDS = /* @__PURE__ */ parseFields(
  "process",
  `
proc.exe | str fn | First argument of the command line, as the program was called. | ./miner
proc.pexe | str fn | proc.exe of the parent process. | /bin/bash
proc.aexe | str fn c3 arg?ancestor any nx nr | proc.exe of an ancestor: proc.aexe[1] is the parent. In a condition without a number: of any ancestor. | /usr/sbin/sshd
proc.exepath | str fn | Path of the executable file, resolved by the kernel. | /usr/bin/python3.12
proc.pexepath | str fn | proc.exepath of the parent process. | /usr/bin/bash
proc.aexepath | str fn c3 arg?ancestor any nx nr | proc.exepath of an ancestor: proc.aexepath[1] is the parent. In a condition without a number: of any ancestor. | /usr/sbin/sshd
proc.name | str fn | Name of the process as the kernel keeps it (comm), 15 characters at most. | curl
proc.pname | str fn | Name of the parent process. | bash
proc.aname | str fn c3 arg?ancestor any nx nr | Name of an ancestor: proc.aname[2] is the grandparent. In a condition without a number: of any ancestor. | sshd
proc.args | str fn c3 arg?index | Command line without its first word; proc.args[0] is the first argument alone. | -la /tmp
proc.aargs | str fn c3 arg?ancestor | proc.args of an ancestor: proc.aargs[1] is the parent. Without a number: of all of them, joined by blanks.
proc.cmdline | str fn c3 | Name of the process and its arguments. | ls -la /tmp
proc.pcmdline | str fn c3 | Name of the parent process and its arguments. | bash deploy.sh
proc.acmdline | str fn c3 arg?ancestor any nx nr | proc.cmdline of an ancestor: proc.acmdline[1] is the parent. In a condition without a number: of any ancestor.
proc.cmdnargs | u64 fn c2 | How many arguments the command line has, without its first word. | 2
proc.cmdlenargs | u64 fn c2 | Characters of all arguments together, blanks between them not counted. | 7
proc.exeline | str fn c3 | Command line as it was given: proc.exe and the arguments. | /bin/ls -la /tmp
proc.env | str fn c3 arg?name | Environment as NAME=value separated by blanks; proc.env[HOME] is the value of one variable. | /root
proc.aenv | str fn named c4 arg?ancestor/name any nx nr | Environment of an ancestor by number, or the value that a variable has in the nearest ancestor that sets it. In a condition without an argument: environment of any ancestor.
proc.cwd | str fn | Working directory, ending with a slash. | /srv/app/
proc.loginshellid | i64 fn c3 | Pid of the oldest shell among the ancestors. | 1207
proc.tty | u32 fn | Number of the controlling terminal; 0 when there is none. | 34816
proc.puid | u32 fn own | User id of the parent process: with user.uid it shows a process that became another user. | 1000
proc.pid | i64 fn | Id of the process. | 4242
proc.ppid | i64 fn | Id of the parent process. | 4001
proc.apid | i64 fn c3 arg?ancestor any nx nr | Id of an ancestor: proc.apid[1] is the parent. In a condition without a number: of any ancestor. | 1
proc.vpid | i64 fn | Id of the process as its own pid namespace sees it. | 1
proc.pvpid | i64 fn | Id of the parent as its own pid namespace sees it. | 1
proc.sid | i64 fn | Id of the session, which is the pid of its leader. | 4001
proc.sname | str fn c2 | Name of the session's leader. | bash
proc.sid.exe | str fn c2 | proc.exe of the session's leader.
proc.sid.exepath | str fn c2 | proc.exepath of the session's leader.
proc.vpgid | i64 fn | Id of the process group as the process's own pid namespace sees it. | 4242
proc.vpgid.name | str fn c2 | Name of the leader of the process group proc.vpgid.
proc.vpgid.exe | str fn c2 | proc.exe of the leader of the process group proc.vpgid.
proc.vpgid.exepath | str fn c2 | proc.exepath of the leader of the process group proc.vpgid.
proc.pgid | i64 fn | Id of the process group as the host sees it. | 4242
proc.pgid.name | str fn c2 | Name of the leader of the process group proc.pgid.
proc.pgid.exe | str fn c2 | proc.exe of the leader of the process group proc.pgid.
proc.pgid.exepath | str fn c2 | proc.exepath of the leader of the process group proc.pgid.
proc.duration | reltime fn | Nanoseconds since the process was started. | 3500000000
proc.ppid.duration | reltime fn | Nanoseconds since the parent process was started.
proc.pid.ts | reltime fn | When the process was started, in nanoseconds since 1970.
proc.ppid.ts | reltime fn | When the parent process was started, in nanoseconds since 1970.
proc.is_exe_writable | bool fn | Whether the user of the process may write to its executable file.
proc.is_exe_upper_layer | bool fn | Whether the executable lies in the writable layer of an overlay: in a container, a file that is not from the image.
proc.is_exe_lower_layer | bool fn | Whether the executable lies in a lower layer of an overlay.
proc.is_exe_from_memfd | bool fn | Whether the executable is an anonymous file in memory, made by memfd_create.
proc.is_sid_leader | bool fn | Whether the process leads its session.
proc.is_vpgid_leader | bool fn | Whether the process leads its group, by the ids of its own pid namespace.
proc.is_pgid_leader | bool fn | Whether the process leads its group, by the ids of the host.
proc.exe_ino | i64 fn | Inode number of the executable file. | 1310755
proc.exe_ino.ctime | abstime fn | When the metadata of the executable file last changed, in nanoseconds since 1970.
proc.exe_ino.mtime | abstime fn | When the content of the executable file last changed, in nanoseconds since 1970.
proc.exe_ino.ctime_duration_proc_start | abstime fn | Nanoseconds between the last change of the executable file and its execution; small numbers mean a fresh file.
proc.exe_ino.ctime_duration_pidns_start | abstime fn | Nanoseconds by which the executable file's last change is later than the start of the pid namespace.
proc.pidns_init_start_ts | u64 fn | When the first process of the pid namespace was started, in nanoseconds since 1970.
proc.fdopencount | u64 fn c2 | How many fds the process has open. | 12
proc.fdlimit | i64 fn | How many fds the process may open. | 1024
proc.fdusage | f64 fn c2 | Share of the fds that the process may open which are open. | 0.0117
proc.vmsize | u64 fn | Virtual memory of the process in kilobytes. | 16384
proc.vmrss | u64 fn | Memory of the process that is in RAM, in kilobytes. | 5120
proc.vmswap | u64 fn | Memory of the process that is swapped out, in kilobytes. | 0
proc.nthreads | u64 fn | How many live threads the process has. | 4
proc.nchilds | u64 fn | How many threads besides the main thread the process has. | 3
proc.stdin.type | str fn c2 | Kind of file that standard input is. | pipe
proc.stdout.type | str fn c2 | Kind of file that standard output is. | file
proc.stderr.type | str fn c2 | Kind of file that standard error is. | file
proc.stdin.name | str fn c3 | Name of what standard input is. | /dev/pts/0
proc.stdout.name | str fn c3 | Name of what standard output is. | /dev/null
proc.stderr.name | str fn c3 | Name of what standard error is. | /dev/null
`,
);
