// Every event type of Falco's schema 4.5, old versions and unused codes included. Data only; schema/events.ts
// reads it. The code is the number of the line, counted from 0, and is written out to be found by eye.
//
//   code name direction category/source flags parameters…
//
// direction   > enter, < exit
// flags       c creates an fd · d destroys an fd · u uses an fd · r reads from it · w writes to it
//             m changes state · b may block · p keeps the parser's state · x unused code · o old version
//             l lengths of 32 bits · k known to the converter of old traces · - none
// parameter   name:type[:format][=flag table or variants][@position of the directory fd]
//             The format is left out where it is the usual one: na for texts and addresses, hex for flags,
//             oct for mode, dec for the rest.

export const EVENT_TABLE = `
0 syscall > other/syscall ok ID:syscallid nativeID:uint16
1 syscall < other/syscall k ID:syscallid nativeID:uint16
2 open > file/syscall cmk name:fspath flags:flags32=file_flags mode:uint32:oct
3 open < file/syscall cmk fd:fd name:fspath flags:flags32=file_flags mode:uint32:oct dev:uint32:hex ino:uint64
4 close > io_other/syscall dumok fd:fd
5 close < io_other/syscall dumk res:errno fd:fd
6 read > io_read/syscall urok fd:fd size:uint32
7 read < io_read/syscall urk res:errno data:bytebuf fd:fd size:uint32
8 write > io_write/syscall uwok fd:fd size:uint32
9 write < io_write/syscall uwk res:errno data:bytebuf fd:fd size:uint32
10 brk > memory/syscall ok size:uint32
11 brk < memory/syscall ok res:uint64:hex
12 execve > process/syscall mok
13 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64
14 clone > process/syscall mo
15 clone < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 flags:flags32=clone_flags uid:uint32 gid:uint32
16 procexit > process/tracepoint mok
17 NA < unknown/- x
18 socket > net/syscall cmok domain:enumflags32=socket_families type:uint32 proto:uint32
19 socket < net/syscall cmk fd:fd domain:enumflags32=socket_families type:uint32 proto:uint32 flags:flags32=file_flags
20 bind > net/syscall umok fd:fd
21 bind < net/syscall umk res:errno addr:sockaddr fd:fd
22 connect > net/syscall umk fd:fd addr:sockaddr
23 connect < net/syscall umk res:errno tuple:socktuple fd:fd addr:sockaddr
24 listen > net/syscall uok fd:fd backlog:int32
25 listen < net/syscall uk res:errno fd:fd backlog:int32
26 accept > net/syscall cmo
27 accept < net/syscall cmok fd:fd tuple:socktuple queuepct:uint8
28 send > io_write/syscall uwok fd:fd size:uint32
29 send < io_write/syscall uwk res:errno data:bytebuf fd:fd size:uint32 tuple:socktuple
30 sendto > io_write/syscall uwmok fd:fd size:uint32 tuple:socktuple
31 sendto < io_write/syscall uwmk res:errno data:bytebuf fd:fd size:uint32 tuple:socktuple
32 recv > io_read/syscall urok fd:fd size:uint32
33 recv < io_read/syscall urk res:errno data:bytebuf fd:fd size:uint32 tuple:socktuple
34 recvfrom > io_read/syscall urmok fd:fd size:uint32
35 recvfrom < io_read/syscall urmk res:errno data:bytebuf tuple:socktuple fd:fd size:uint32
36 shutdown > net/syscall umok fd:fd how:enumflags8:hex=shutdown_how
37 shutdown < net/syscall umk res:errno fd:fd how:enumflags8:hex=shutdown_how
38 getsockname > net/syscall o
39 getsockname < net/syscall -
40 getpeername > net/syscall o
41 getpeername < net/syscall -
42 socketpair > ipc/syscall cmok domain:enumflags32=socket_families type:uint32 proto:uint32
43 socketpair < ipc/syscall cmk res:errno fd1:fd fd2:fd source:uint64:hex peer:uint64:hex domain:enumflags32=socket_families type:uint32 proto:uint32
44 setsockopt > net/syscall o
45 setsockopt < net/syscall u res:errno fd:fd level:enumflags8=sockopt_levels optname:enumflags8=sockopt_options val:dyn=sockopt optlen:uint32
46 getsockopt > net/syscall mo
47 getsockopt < net/syscall um res:errno fd:fd level:enumflags8=sockopt_levels optname:enumflags8=sockopt_options val:dyn=sockopt optlen:uint32
48 sendmsg > io_write/syscall uwmok fd:fd size:uint32 tuple:socktuple
49 sendmsg < io_write/syscall uwmk res:errno data:bytebuf fd:fd size:uint32 tuple:socktuple
50 sendmmsg > io_write/syscall o
51 sendmmsg < io_write/syscall uwmk res:errno fd:fd size:uint32 data:bytebuf tuple:socktuple
52 recvmsg > io_read/syscall urmok fd:fd
53 recvmsg < io_read/syscall urmk res:errno size:uint32 data:bytebuf tuple:socktuple msgcontrol:bytebuf fd:fd
54 recvmmsg > io_read/syscall o
55 recvmmsg < io_read/syscall urmk res:errno fd:fd size:uint32 data:bytebuf tuple:socktuple msgcontrol:bytebuf
56 accept > net/syscall cmok flags:int32:hex
57 accept < net/syscall cmok fd:fd tuple:socktuple queuepct:uint8
58 creat > file/syscall cmk name:fspath mode:uint32:oct
59 creat < file/syscall cmk fd:fd name:fspath mode:uint32:oct dev:uint32:hex ino:uint64 creat_flags:flags16=creat_flags
60 pipe > ipc/syscall cmo
61 pipe < ipc/syscall cm res:errno fd1:fd fd2:fd ino:uint64
62 eventfd > ipc/syscall cmok initval:uint64 flags:uint32:hex
63 eventfd < ipc/syscall cmk res:fd initval:uint64 flags:uint32:hex
64 futex > ipc/syscall ok addr:uint64:hex op:flags16=futex_operations val:uint64
65 futex < ipc/syscall k res:errno addr:uint64:hex op:flags16=futex_operations val:uint64
66 stat > file/syscall o
67 stat < file/syscall - res:errno path:fspath
68 lstat > file/syscall o
69 lstat < file/syscall - res:errno path:fspath
70 fstat > file/syscall uok fd:fd:na
71 fstat < file/syscall uk res:errno fd:fd:na
72 stat64 > file/syscall o
73 stat64 < file/syscall - res:errno path:fspath
74 lstat64 > file/syscall o
75 lstat64 < file/syscall - res:errno path:fspath
76 fstat64 > file/syscall uo fd:fd:na
77 fstat64 < file/syscall - res:errno
78 epoll_wait > wait/syscall bok maxevents:errno
79 epoll_wait < wait/syscall bk res:errno maxevents:errno
80 poll > wait/syscall bok fds:fdlist timeout:int64
81 poll < wait/syscall bk res:errno fds:fdlist timeout:int64
82 select > wait/syscall bo
83 select < wait/syscall b res:errno
84 select > wait/syscall bo
85 select < wait/syscall bok res:errno
86 lseek > file/syscall uok fd:fd offset:uint64 whence:enumflags8=lseek_whence
87 lseek < file/syscall uk res:errno fd:fd offset:uint64 whence:enumflags8=lseek_whence
88 llseek > file/syscall uok fd:fd offset:uint64 whence:enumflags8=lseek_whence
89 llseek < file/syscall uk res:errno fd:fd offset:uint64 whence:enumflags8=lseek_whence
90 ioctl > io_other/syscall uok fd:fd request:uint64:hex
91 ioctl < io_other/syscall uok res:errno
92 getcwd > file/syscall o
93 getcwd < file/syscall - res:errno path:charbuf
94 chdir > file/syscall mo
95 chdir < file/syscall m res:errno path:charbuf
96 fchdir > file/syscall umok fd:fd:na
97 fchdir < file/syscall umk res:errno fd:fd:na
98 mkdir > file/syscall ok path:fspath mode:uint32:hex
99 mkdir < file/syscall ok res:errno
100 rmdir > file/syscall ok path:fspath
101 rmdir < file/syscall ok res:errno
102 openat > file/syscall cmok dirfd:fd name:charbuf flags:flags32=file_flags mode:uint32:oct
103 openat < file/syscall cmok fd:fd
104 link > file/syscall ok oldpath:fspath newpath:fspath
105 link < file/syscall ok res:errno
106 linkat > file/syscall ok olddir:fd oldpath:charbuf newdir:fd newpath:charbuf
107 linkat < file/syscall ok res:errno
108 unlink > file/syscall ok path:fspath
109 unlink < file/syscall ok res:errno
110 unlinkat > file/syscall ok dirfd:fd name:charbuf
111 unlinkat < file/syscall ok res:errno
112 pread > io_read/syscall urok fd:fd size:uint32 pos:uint64
113 pread < io_read/syscall urk res:errno data:bytebuf fd:fd size:uint32 pos:uint64
114 pwrite > io_write/syscall uwok fd:fd size:uint32 pos:uint64
115 pwrite < io_write/syscall uwk res:errno data:bytebuf fd:fd size:uint32 pos:uint64
116 readv > io_read/syscall urok fd:fd
117 readv < io_read/syscall urk res:errno size:uint32 data:bytebuf fd:fd
118 writev > io_write/syscall uwok fd:fd size:uint32
119 writev < io_write/syscall uwk res:errno data:bytebuf fd:fd size:uint32
120 preadv > io_read/syscall urok fd:fd pos:uint64
121 preadv < io_read/syscall urk res:errno size:uint32 data:bytebuf fd:fd pos:uint64
122 pwritev > io_write/syscall uwok fd:fd size:uint32 pos:uint64
123 pwritev < io_write/syscall uwk res:errno data:bytebuf fd:fd size:uint32 pos:uint64
124 dup > io_other/syscall cumok fd:fd
125 dup < io_other/syscall cumok res:fd
126 signalfd > signal/syscall cmok fd:fd mask:uint32:hex flags:uint8:hex
127 signalfd < signal/syscall cmk res:fd fd:fd mask:uint32:hex flags:uint8:hex
128 kill > signal/syscall ok pid:pid sig:sigtype
129 kill < signal/syscall k res:errno pid:pid sig:sigtype
130 tkill > signal/syscall ok tid:pid sig:sigtype
131 tkill < signal/syscall k res:errno tid:pid sig:sigtype
132 tgkill > signal/syscall ok pid:pid tid:pid sig:sigtype
133 tgkill < signal/syscall k res:errno pid:pid tid:pid sig:sigtype
134 nanosleep > sleep/syscall bok interval:reltime
135 nanosleep < sleep/syscall bk res:errno interval:reltime
136 timerfd_create > time/syscall cmok clockid:uint8 flags:uint8:hex
137 timerfd_create < time/syscall cmk res:fd clockid:uint8 flags:uint8:hex
138 inotify_init > ipc/syscall cmok flags:uint8:hex
139 inotify_init < ipc/syscall cmk res:fd flags:uint8:hex
140 getrlimit > process/syscall ok resource:enumflags8=rlimit_resources
141 getrlimit < process/syscall k res:errno cur:int64 max:int64 resource:enumflags8=rlimit_resources
142 setrlimit > process/syscall ok resource:enumflags8=rlimit_resources
143 setrlimit < process/syscall k res:errno cur:int64 max:int64 resource:enumflags8=rlimit_resources
144 prlimit > process/syscall ok pid:pid resource:enumflags8=rlimit_resources
145 prlimit < process/syscall k res:errno newcur:int64 newmax:int64 oldcur:int64 oldmax:int64 pid:int64 resource:enumflags8=rlimit_resources
146 switch > scheduler/tracepoint pok next:pid
147 NA < unknown/- x
148 drop > internal/meta p ratio:uint32
149 drop < internal/meta p ratio:uint32
150 fcntl > io_other/syscall umok fd:fd cmd:enumflags8=fcntl_commands
151 fcntl < io_other/syscall umk res:fd fd:fd cmd:enumflags8=fcntl_commands arg:uint64:hex
152 switch > scheduler/tracepoint - next:pid pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32
153 NA < unknown/- x
154 execve > process/syscall mok
155 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32
156 clone > process/syscall mo
157 clone < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 flags:flags32=clone_flags uid:uint32 gid:uint32
158 brk > memory/syscall ok addr:uint64:hex
159 brk < memory/syscall k res:uint64:hex vm_size:uint32 vm_rss:uint32 vm_swap:uint32 addr:uint64:hex
160 mmap > memory/syscall uok addr:uint64:hex length:uint64 prot:flags32=prot_flags flags:flags32=mmap_flags fd:fd offset:uint64
161 mmap < memory/syscall uk res:errno:hex vm_size:uint32 vm_rss:uint32 vm_swap:uint32 addr:uint64:hex length:uint64 prot:flags32=prot_flags flags:flags32=mmap_flags fd:fd offset:uint64
162 mmap2 > memory/syscall uok addr:uint64:hex length:uint64 prot:flags32=prot_flags flags:flags32=mmap_flags fd:fd pgoffset:uint64
163 mmap2 < memory/syscall uk res:errno:hex vm_size:uint32 vm_rss:uint32 vm_swap:uint32 addr:uint64:hex length:uint64 prot:flags32=prot_flags flags:flags32=mmap_flags fd:fd pgoffset:uint64
164 munmap > memory/syscall ok addr:uint64:hex length:uint64
165 munmap < memory/syscall k res:errno vm_size:uint32 vm_rss:uint32 vm_swap:uint32 addr:uint64:hex length:uint64
166 splice > io_other/syscall uok fd_in:fd fd_out:fd size:uint64 flags:flags32=splice_flags
167 splice < io_other/syscall uk res:errno fd_in:fd fd_out:fd size:uint64 flags:flags32=splice_flags
168 ptrace > process/syscall ok request:enumflags16=ptrace_requests pid:pid
169 ptrace < process/syscall k res:errno addr:dyn:hex=ptrace data:dyn:hex=ptrace request:enumflags16=ptrace_requests pid:pid
170 ioctl > io_other/syscall uok fd:fd request:uint64:hex argument:uint64:hex
171 ioctl < io_other/syscall uk res:errno fd:fd request:uint64:hex argument:uint64:hex
172 execve > process/syscall mok
173 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 env:bytebuf
174 rename > file/syscall o
175 rename < file/syscall - res:errno oldpath:fspath newpath:fspath
176 renameat > file/syscall o
177 renameat < file/syscall - res:errno olddirfd:fd oldpath:fsrelpath@1 newdirfd:fd newpath:fsrelpath@3
178 symlink > file/syscall o
179 symlink < file/syscall - res:errno target:charbuf linkpath:fspath
180 symlinkat > file/syscall o
181 symlinkat < file/syscall u res:errno target:charbuf linkdirfd:fd linkpath:fsrelpath@2
182 fork > process/syscall mo
183 fork < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 flags:flags32=clone_flags uid:uint32 gid:uint32
184 vfork > process/syscall mo
185 vfork < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 flags:flags32=clone_flags uid:uint32 gid:uint32
186 procexit > process/tracepoint m status:errno ret:errno sig:sigtype core:uint8 reaper_tid:pid
187 NA < unknown/- x
188 sendfile > io_write/syscall uok out_fd:fd in_fd:fd offset:uint64 size:uint64
189 sendfile < io_write/syscall uk res:errno offset:uint64 out_fd:fd in_fd:fd size:uint64
190 quotactl > user/syscall ok cmd:flags16:dec=quotactl_cmds type:flags8:dec=quotactl_types id:uint32 quota_fmt:flags8:dec=quotactl_quota_fmts
191 quotactl < user/syscall k res:errno special:charbuf quotafilepath:charbuf dqb_bhardlimit:uint64 dqb_bsoftlimit:uint64 dqb_curspace:uint64 dqb_ihardlimit:uint64 dqb_isoftlimit:uint64 dqb_btime:reltime dqb_itime:reltime dqi_bgrace:reltime dqi_igrace:reltime dqi_flags:flags8:dec=quotactl_dqi_flags quota_fmt_out:flags8:dec=quotactl_quota_fmts cmd:flags16:dec=quotactl_cmds type:flags8:dec=quotactl_types id:uint32 quota_fmt:flags8:dec=quotactl_quota_fmts
192 setresuid > user/syscall mok ruid:uid euid:uid suid:uid
193 setresuid < user/syscall mk res:errno ruid:uid euid:uid suid:uid
194 setresgid > user/syscall mok rgid:gid egid:gid sgid:gid
195 setresgid < user/syscall mk res:errno rgid:gid egid:gid sgid:gid
196 scapevent > internal/meta p event_type:uint32 event_data:uint64
197 NA < unknown/- x
198 setuid > user/syscall mok uid:uid
199 setuid < user/syscall mk res:errno uid:uid
200 setgid > user/syscall mok gid:gid
201 setgid < user/syscall mk res:errno gid:gid
202 getuid > user/syscall o
203 getuid < user/syscall - uid:uid
204 geteuid > user/syscall o
205 geteuid < user/syscall - euid:uid
206 getgid > user/syscall o
207 getgid < user/syscall - gid:gid
208 getegid > user/syscall o
209 getegid < user/syscall - egid:gid
210 getresuid > user/syscall o
211 getresuid < user/syscall - res:errno ruid:uid euid:uid suid:uid
212 getresgid > user/syscall o
213 getresgid < user/syscall - res:errno rgid:gid egid:gid sgid:gid
214 execve > process/syscall mok
215 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf env:bytebuf
216 clone > process/syscall mo
217 clone < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf flags:flags32=clone_flags uid:uint32 gid:uint32
218 fork > process/syscall mo
219 fork < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf flags:flags32=clone_flags uid:uint32 gid:uint32
220 vfork > process/syscall mo
221 vfork < process/syscall mok res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf flags:flags32=clone_flags uid:uint32 gid:uint32
222 clone > process/syscall mo
223 clone < process/syscall mk res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf flags:flags32=clone_flags uid:uint32 gid:uint32 vtid:pid vpid:pid pidns_init_start_ts:uint64
224 fork > process/syscall mo
225 fork < process/syscall mk res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf flags:flags32=clone_flags uid:uint32 gid:uint32 vtid:pid vpid:pid pidns_init_start_ts:uint64
226 vfork > process/syscall mo
227 vfork < process/syscall mk res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf flags:flags32=clone_flags uid:uint32 gid:uint32 vtid:pid vpid:pid pidns_init_start_ts:uint64
228 container > internal/meta mpok id:charbuf type:uint32 name:charbuf image:charbuf
229 NA < unknown/- x
230 execve > process/syscall mok
231 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf env:bytebuf
232 signaldeliver > signal/tracepoint - spid:pid dpid:pid sig:sigtype
233 NA < unknown/- x
234 procinfo > internal/meta p cpu_usr:uint64 cpu_sys:uint64
235 NA < unknown/- x
236 getdents > file/syscall uok fd:fd:na
237 getdents < file/syscall uk res:errno fd:fd:na
238 getdents64 > file/syscall uok fd:fd:na
239 getdents64 < file/syscall uk res:errno fd:fd:na
240 setns > process/syscall uok fd:fd:na nstype:flags32=clone_flags
241 setns < process/syscall uk res:errno fd:fd:na nstype:flags32=clone_flags
242 flock > file/syscall uok fd:fd:na operation:flags32=flock_flags
243 flock < file/syscall uk res:errno fd:fd:na operation:flags32=flock_flags
244 cpu_hotplug > system/meta mp cpu:uint32 action:uint32
245 NA < unknown/- x
246 accept > net/syscall cmo
247 accept < net/syscall cm fd:fd tuple:socktuple queuepct:uint8 queuelen:uint32 queuemax:uint32
248 accept > net/syscall cmok flags:int32:hex
249 accept < net/syscall cmok fd:fd tuple:socktuple queuepct:uint8 queuelen:uint32 queuemax:uint32
250 semop > process/syscall ok semid:int32
251 semop < process/syscall k res:errno nsops:uint32 sem_num_0:uint16 sem_op_0:int16 sem_flg_0:flags16=semop_flags sem_num_1:uint16 sem_op_1:int16 sem_flg_1:flags16=semop_flags semid:int32
252 semctl > process/syscall ok semid:int32 semnum:int32 cmd:flags16=semctl_commands val:int32
253 semctl < process/syscall k res:errno semid:int32 semnum:int32 cmd:flags16=semctl_commands val:int32
254 ppoll > wait/syscall bok fds:fdlist timeout:reltime sigmask:sigset
255 ppoll < wait/syscall bk res:errno fds:fdlist timeout:reltime sigmask:sigset
256 mount > file/syscall mok flags:flags32=mount_flags
257 mount < file/syscall mk res:errno dev:charbuf dir:fspath type:charbuf flags:flags32=mount_flags
258 umount > file/syscall mo flags:flags32=umount_flags
259 umount < file/syscall mok res:errno name:fspath
260 k8s > internal/meta mpo json:charbuf
261 NA < unknown/- x
262 semget > process/syscall ok key:int32:hex nsems:int32 semflg:flags32=semget_flags
263 semget < process/syscall k res:errno key:int32:hex nsems:int32 semflg:flags32=semget_flags
264 access > file/syscall ok mode:flags32=access_flags
265 access < file/syscall k res:errno name:fspath mode:flags32=access_flags
266 chroot > process/syscall mo
267 chroot < process/syscall m res:errno path:fspath
268 tracer > other/meta o id:int64 tags:charbufarray args:charbufpairarray
269 NA < unknown/- x id:int64 tags:charbufarray args:charbufpairarray
270 mesos > internal/meta mpo json:charbuf
271 NA < unknown/- x
272 container > process/meta mok json:charbuf
273 NA < unknown/- x
274 setsid > process/syscall mo
275 setsid < process/syscall m res:pid
276 mkdir > file/syscall ok mode:uint32:hex
277 mkdir < file/syscall k res:errno path:fspath mode:uint32:hex
278 rmdir > file/syscall o
279 rmdir < file/syscall - res:errno path:fspath
280 notification > other/meta p id:charbuf:dec desc:charbuf
281 NA < unknown/- x
282 execve > process/syscall mok
283 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf env:bytebuf tty:int32
284 unshare > process/syscall ok flags:flags32=clone_flags
285 unshare < process/syscall k res:errno flags:flags32=clone_flags
286 infra > internal/meta p source:charbuf:dec name:charbuf description:charbuf scope:charbuf
287 NA < unknown/- x
288 execve > process/syscall mok filename:fspath
289 execve < process/syscall mok res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf env:bytebuf tty:int32
290 page_fault > other/tracepoint p addr:uint64:hex ip:uint64:hex error:flags32=pf_flags
291 NA < unknown/- x
292 execve > process/syscall mok filename:fspath
293 execve < process/syscall mk res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf env:bytebuf tty:uint32 vpgid:pid loginuid:uid flags:flags32=execve_flags cap_inheritable:uint64:hex cap_permitted:uint64:hex cap_effective:uint64:hex exe_ino:uint64 exe_ino_ctime:abstime exe_ino_mtime:abstime uid:uid trusted_exepath:fspath pgid:pid:na gid:gid filename:fspath
294 setpgid > process/syscall ok pid:pid pgid:pid
295 setpgid < process/syscall k res:errno pid:pid pgid:pid
296 bpf > other/syscall cok cmd:int64
297 bpf < other/syscall cok res_or_fd:dyn=bpf
298 seccomp > other/syscall ok op:uint64 flags:uint64:hex
299 seccomp < other/syscall k res:errno op:uint64 flags:uint64:hex
300 unlink > file/syscall o
301 unlink < file/syscall - res:errno path:fspath
302 unlinkat > file/syscall o
303 unlinkat < file/syscall u res:errno dirfd:fd name:fsrelpath@1 flags:flags32=unlinkat_flags
304 mkdirat > file/syscall o
305 mkdirat < file/syscall u res:errno dirfd:fd path:fsrelpath@1 mode:uint32:hex
306 openat > file/syscall cmk dirfd:fd name:fsrelpath@0 flags:flags32=file_flags mode:uint32:oct
307 openat < file/syscall cmk fd:fd dirfd:fd name:fsrelpath@1 flags:flags32=file_flags mode:uint32:oct dev:uint32:hex ino:uint64
308 link > file/syscall o
309 link < file/syscall - res:errno oldpath:fspath newpath:fspath
310 linkat > file/syscall o
311 linkat < file/syscall - res:errno olddir:fd oldpath:fsrelpath@1 newdir:fd newpath:fsrelpath@3 flags:flags32=linkat_flags
312 fchmodat > file/syscall o
313 fchmodat < file/syscall u res:errno dirfd:fd filename:fsrelpath@1 mode:mode=chmod_mode
314 chmod > file/syscall o
315 chmod < file/syscall - res:errno filename:fspath mode:mode=chmod_mode
316 fchmod > file/syscall o
317 fchmod < file/syscall u res:errno fd:fd mode:mode=chmod_mode
318 renameat2 > file/syscall o
319 renameat2 < file/syscall - res:errno olddirfd:fd oldpath:fsrelpath@1 newdirfd:fd newpath:fsrelpath@3 flags:flags32=renameat2_flags
320 userfaultfd > file/syscall cmo
321 userfaultfd < file/syscall cm res:errno flags:flags32=file_flags
322 pluginevent > other/plugin l plugin_id:uint32 event_data:bytebuf
323 NA < unknown/- x
324 container > process/meta ml json:charbuf
325 NA < unknown/- x
326 openat2 > file/syscall cmk dirfd:fd name:fsrelpath@0 flags:flags32=file_flags mode:uint32:oct resolve:flags32=openat2_flags
327 openat2 < file/syscall cmk fd:fd dirfd:fd name:fsrelpath@1 flags:flags32=file_flags mode:uint32:oct resolve:flags32=openat2_flags dev:uint32:hex ino:uint64
328 mprotect > memory/syscall ok addr:uint64:hex length:uint64 prot:flags32=prot_flags
329 mprotect < memory/syscall k res:errno addr:uint64:hex length:uint64 prot:flags32=prot_flags
330 execveat > process/syscall mok dirfd:fd pathname:fsrelpath@0 flags:flags32=execveat_flags
331 execveat < process/syscall mk res:errno exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:uint64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf env:bytebuf tty:uint32 vpgid:pid loginuid:uid flags:flags32=execve_flags cap_inheritable:uint64:hex cap_permitted:uint64:hex cap_effective:uint64:hex exe_ino:uint64 exe_ino_ctime:abstime exe_ino_mtime:abstime uid:uid trusted_exepath:fspath pgid:pid:na gid:gid
332 copy_file_range > file/syscall urwok fdin:fd offin:uint64 len:uint64
333 copy_file_range < file/syscall urwk res:errno fdout:fd offout:uint64 fdin:fd offin:uint64 len:uint64
334 clone3 > process/syscall mo
335 clone3 < process/syscall mk res:pid exe:charbuf args:bytebuf tid:pid pid:pid ptid:pid cwd:charbuf fdlimit:int64 pgft_maj:uint64 pgft_min:uint64 vm_size:uint32 vm_rss:uint32 vm_swap:uint32 comm:charbuf cgroups:bytebuf flags:flags32=clone_flags uid:uint32 gid:uint32 vtid:pid vpid:pid pidns_init_start_ts:uint64
336 open_by_handle_at > file/syscall cmo
337 open_by_handle_at < file/syscall cm fd:fd mountfd:fd flags:flags32=file_flags path:fspath dev:uint32:hex ino:uint64
338 io_uring_setup > io_other/syscall cmo
339 io_uring_setup < io_other/syscall cm res:errno entries:uint32 sq_entries:uint32 cq_entries:uint32 flags:flags32=io_uring_setup_flags sq_thread_cpu:uint32 sq_thread_idle:uint32 features:flags32=io_uring_setup_feats
340 io_uring_enter > io_other/syscall o
341 io_uring_enter < io_other/syscall u res:errno fd:fd to_submit:uint32 min_complete:uint32 flags:flags32=io_uring_enter_flags sig:sigset
342 io_uring_register > io_other/syscall o
343 io_uring_register < io_other/syscall u res:errno fd:fd opcode:enumflags16=io_uring_register_opcodes arg:uint64:hex nr_args:uint32
344 mlock > memory/syscall o
345 mlock < memory/syscall - res:errno addr:uint64:hex len:uint64
346 munlock > memory/syscall o
347 munlock < memory/syscall - res:errno addr:uint64:hex len:uint64
348 mlockall > memory/syscall o
349 mlockall < memory/syscall - res:errno flags:flags32=mlockall_flags
350 munlockall > memory/syscall o
351 munlockall < memory/syscall - res:errno
352 capset > process/syscall mo
353 capset < process/syscall m res:errno cap_inheritable:uint64:hex cap_permitted:uint64:hex cap_effective:uint64:hex
354 useradded > process/meta m uid:uint32 gid:uint32 name:charbuf home:charbuf shell:charbuf container_id:charbuf
355 NA < unknown/- x
356 userdeleted > process/meta m uid:uint32 gid:uint32 name:charbuf home:charbuf shell:charbuf container_id:charbuf
357 NA < unknown/- x
358 groupadded > process/meta m gid:uint32 name:charbuf container_id:charbuf
359 NA < unknown/- x
360 groupdeleted > process/meta m gid:uint32 name:charbuf container_id:charbuf
361 NA < unknown/- x
362 dup2 > io_other/syscall cumo fd:fd
363 dup2 < io_other/syscall cum res:fd oldfd:fd newfd:fd
364 dup3 > io_other/syscall cumo fd:fd
365 dup3 < io_other/syscall cum res:fd oldfd:fd newfd:fd flags:flags32=file_flags
366 dup > io_other/syscall cumo fd:fd
367 dup < io_other/syscall cum res:fd oldfd:fd
368 bpf > other/syscall co cmd:int64
369 bpf < other/syscall c fd:fd cmd:enumflags32=bpf_commands
370 mlock2 > memory/syscall o
371 mlock2 < memory/syscall - res:errno addr:uint64:hex len:uint64 flags:flags32=mlock2_flags
372 fsconfig > system/syscall o
373 fsconfig < system/syscall u res:errno fd:fd cmd:enumflags32=fsconfig_cmds key:charbuf value_bytebuf:bytebuf value_charbuf:charbuf aux:int32
374 epoll_create > wait/syscall cmok size:int32
375 epoll_create < wait/syscall cmk res:errno size:int32
376 epoll_create1 > wait/syscall cmok flags:flags32=epoll_create1_flags
377 epoll_create1 < wait/syscall cmk res:errno flags:flags32=epoll_create1_flags
378 chown > file/syscall o
379 chown < file/syscall - res:errno path:fspath uid:uint32 gid:uint32
380 lchown > file/syscall o
381 lchown < file/syscall - res:errno path:fspath uid:uint32 gid:uint32
382 fchown > file/syscall o
383 fchown < file/syscall u res:errno fd:fd uid:uint32 gid:uint32
384 fchownat > file/syscall o
385 fchownat < file/syscall u res:errno dirfd:fd pathname:fsrelpath@1 uid:uint32 gid:uint32 flags:flags32=fchownat_flags
386 umount > file/syscall mo
387 umount < file/syscall m res:errno name:fspath
388 accept4 > net/syscall cmok flags:int32:hex
389 accept4 < net/syscall cmk fd:fd tuple:socktuple queuepct:uint8 queuelen:uint32 queuemax:uint32 flags:int32:hex
390 umount2 > file/syscall mok flags:flags32=umount_flags
391 umount2 < file/syscall mk res:errno name:fspath flags:flags32=umount_flags
392 pipe2 > ipc/syscall cmo
393 pipe2 < ipc/syscall cm res:errno fd1:fd fd2:fd ino:uint64 flags:flags32=file_flags
394 inotify_init1 > ipc/syscall cmo
395 inotify_init1 < ipc/syscall cm res:fd flags:flags16=file_flags
396 eventfd2 > ipc/syscall cmok initval:uint64
397 eventfd2 < ipc/syscall cmk res:fd flags:flags16=file_flags initval:uint64
398 signalfd4 > signal/syscall cmok fd:fd mask:uint32:hex
399 signalfd4 < signal/syscall cmk res:fd flags:flags16=file_flags fd:fd mask:uint32:hex
400 prctl > process/syscall mo
401 prctl < process/syscall m res:errno option:enumflags32=prctl_options arg2_str:charbuf arg2_int:int64
402 asyncevent > other/meta l plugin_id:uint32 name:charbuf data:bytebuf
403 NA < unknown/- x
404 memfd_create > memory/syscall cmo
405 memfd_create < memory/syscall cm fd:fd name:charbuf flags:flags32=memfd_create_flags
406 pidfd_getfd > process/syscall cmo
407 pidfd_getfd < process/syscall cm fd:fd pid_fd:fd target_fd:fd flags:uint32:hex
408 pidfd_open > process/syscall cmo
409 pidfd_open < process/syscall cm fd:fd pid:pid flags:flags32=pidfd_open_flags
410 init_module > other/syscall o
411 init_module < other/syscall - res:errno img:bytebuf length:uint64 uargs:charbuf
412 finit_module > other/syscall o
413 finit_module < other/syscall ur res:errno fd:fd uargs:charbuf flags:flags32=finit_module_flags
414 mknod > other/syscall o
415 mknod < other/syscall - res:errno path:fspath mode:mode=mknod_mode dev:uint32
416 mknodat > other/syscall o
417 mknodat < other/syscall u res:errno dirfd:fd path:fsrelpath@1 mode:mode=mknod_mode dev:uint32
418 newfstatat > file/syscall o
419 newfstatat < file/syscall u res:errno dirfd:fd path:fsrelpath@1 flags:flags32=newfstatat_flags
420 process_vm_readv > ipc/syscall o
421 process_vm_readv < ipc/syscall - res:int64 pid:pid data:bytebuf
422 process_vm_writev > ipc/syscall o
423 process_vm_writev < ipc/syscall - res:int64 pid:pid data:bytebuf
424 delete_module > other/syscall o
425 delete_module < other/syscall - res:errno name:charbuf flags:flags32=delete_module_flags
426 setreuid > user/syscall mo
427 setreuid < user/syscall m res:errno ruid:uid euid:uid
428 setregid > user/syscall o
429 setregid < user/syscall m res:errno rgid:uid egid:uid
430 task > process/iter m ppid:pid32 pgid:pid32 vpgid:pid32 sid:pid32 comm:charbuf argv:charbufarray exepath:fspath flags:flags32=execve_flags env:charbufarray cwd:charbuf fdlimit:uint64 euid:uid egid:gid cap_permitted:uint64:hex cap_effective:uint64:hex cap_inheritable:uint64:hex exe_ino_num:uint64 exe_ino_ctime:abstime exe_ino_mtime:abstime vm_size:uint32 vm_rss:uint32 vm_swap:uint32 pgft_maj:uint64 pgft_min:uint64 vtgid:pid32 vpid:pid32 pidns_init_start_ts:uint64 cgroups:charbufarray root:fspath start_time:abstime tty:uint32 loginuid:uid
431 NA < unknown/- x
432 task_file_pipe > file/iter m fd:fd32 path:fspath ino_num:uint64
433 NA < unknown/- x
434 task_file_memfd > file/iter m fd:fd32 path:fspath ino_num:uint64
435 NA < unknown/- x
436 task_file_regular > file/iter m fd:fd32 path:fspath flags:flags32=file_flags mnt_id:uint32 ino_num:uint64
437 NA < unknown/- x
438 task_file_directory > file/iter m fd:fd32 path:fspath ino_num:uint64
439 NA < unknown/- x
440 task_file_socket_inet > file/iter m fd:fd32 sk_type:uint16 sk_proto:uint16 local_ip:ipv4addr:hex local_port:port:hex remote_ip:ipv4addr:hex remote_port:port:hex ino_num:uint64
441 NA < unknown/- x
442 task_file_socket_inet6 > file/iter m fd:fd32 sk_type:uint16 sk_proto:uint16 local_ip:ipv6addr:hex local_port:port:hex remote_ip:ipv6addr:hex remote_port:port:hex ino_num:uint64
443 NA < unknown/- x
444 task_file_socket_unix > file/iter m fd:fd32 sk_type:uint16 sk_proto:uint16 sk_pointer:uint64:na sun_path:fspath ino_num:uint64
445 NA < unknown/- x
446 task_file_socket_netlink > file/iter m fd:fd32 sk_type:uint16 sk_proto:uint16 ino_num:uint64
447 NA < unknown/- x
448 task_file_anon_inode > file/iter m fd:fd32 fd_type:flags8:dec=anon_inode_fd_types path:fspath ino_num:uint64
449 NA < unknown/- x
450 NA > unknown/- x
451 close_range < io_other/syscall m res:errno first:uint32 last:uint32 flags:flags32=close_range_flags
452 NA > unknown/- x
453 keyctl < other/syscall - res:errno operation:enumflags32=keyctl_operations arg2:dyn=keyctl arg3:dyn=keyctl arg4:dyn=keyctl arg5:dyn=keyctl
`;
