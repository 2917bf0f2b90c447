import assert from "node:assert/strict";
import { EVENTS, isCurrentEvent } from "../../schema/events.ts";
import {
  isHighVolumeIo,
  isStateSyscall,
  syscallByName,
  syscallByNumber,
  SYSCALLS,
  syscallsOfEvent,
} from "../../schema/syscalls.ts";
import { IA32_TO_X86_64 } from "../../schema/syscalls_ia32.ts";

Deno.test("calls are indexed by Falco's number, names and kernel numbers are unique", () => {
  assert.ok(SYSCALLS.every((call, i) => call.sc === i));
  const names = SYSCALLS.map((call) => call.name).filter((name) => name !== "");
  assert.equal(new Set(names).size, names.length);
  const numbers = SYSCALLS.map((call) => call.x86_64).filter((number) => number !== null);
  assert.equal(new Set(numbers).size, numbers.length);
});

Deno.test("calls are found by name, by number and by event", () => {
  assert.equal(syscallByName("openat")!.x86_64, 257);
  assert.equal(syscallByNumber(257)!.name, "openat");
  assert.equal(syscallByName("readlink")!.exitEvent, 1);
  assert.deepEqual(syscallsOfEvent(199).map((call) => call.name), ["setuid", "setuid32"]);
  assert.deepEqual(syscallsOfEvent(186).map((call) => call.name), ["sched_process_exit"]);
});

Deno.test("calls are reported by current events of the right direction", () => {
  for (const call of SYSCALLS) {
    if (call.exitEvent !== null) {
      assert.equal(call.exitEvent % 2, 1, call.name);
      assert.ok(isCurrentEvent(EVENTS[call.exitEvent]!), call.name);
    }
    if (call.enterEvent !== undefined) {
      assert.equal(call.enterEvent % 2, 0, call.name);
      assert.ok(isCurrentEvent(EVENTS[call.enterEvent]!), call.name);
    }
  }
});

Deno.test("the calls that keep the state right are those of Falco", () => {
  const names = SYSCALLS.filter((call) => isStateSyscall(call.sc)).map((call) => call.name).sort();
  assert.deepEqual(
    names,
    `accept accept4 bind capset chdir chroot clone clone3 close close_range connect creat dup dup2 dup3
     epoll_create epoll_create1 eventfd eventfd2 execve execveat fchdir fcntl fcntl64 fork getsockopt
     inotify_init inotify_init1 io_uring_setup memfd_create mount open open_by_handle_at openat openat2
     pidfd_getfd pidfd_open pipe pipe2 prctl prlimit64 recvfrom recvmmsg recvmsg sched_process_exit sendmmsg
     sendmsg sendto setgid setgid32 setregid setresgid setresgid32 setresuid setresuid32 setreuid setrlimit
     setsid setuid setuid32 shutdown signalfd signalfd4 socket socketpair timerfd_create umount umount2
     userfaultfd vfork`.split(/\s+/),
  );
});

Deno.test("high-volume reads and writes are those that Falco leaves out", () => {
  const names = SYSCALLS.filter((call) => isHighVolumeIo(call.sc)).map((call) => call.name).sort();
  assert.equal(
    names.join(" "),
    "pread64 preadv pwrite64 pwritev read readv recv send sendfile sendfile64 write writev",
  );
});

Deno.test("32-bit numbers lead to the call of the same meaning", () => {
  assert.equal(syscallByNumber(IA32_TO_X86_64[5]!)!.name, "open");
  assert.equal(syscallByNumber(IA32_TO_X86_64[11]!)!.name, "execve");
  assert.equal(IA32_TO_X86_64[7], -1);
  for (const number of IA32_TO_X86_64) assert.ok(number === -1 || syscallByNumber(number), String(number));
});
