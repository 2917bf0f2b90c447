import assert from "node:assert/strict";
import { mountDetached } from "../../ffi/detached_mount.ts";
import { closeFd } from "../../ffi/libc.ts";
import { openTracepoints } from "../../sources/live/tracepoints.ts";
import { liveRefusal } from "../live/falco_process.ts";

const skip = await liveRefusal();
const suffix = skip ? ` (skipped: ${skip})` : "";

const openFds = () => [...Deno.readDirSync("/proc/self/fd")].length;

Deno.test({
  name: `openTracepoints() opens each of them, or nothing${suffix}`,
  ignore: skip !== null,
  fn() {
    const before = openFds();
    const opened = openTracepoints(["syscalls/sys_enter_openat", "raw_syscalls/sys_exit"]);
    assert.deepEqual([...opened?.keys() ?? []], ["syscalls/sys_enter_openat", "raw_syscalls/sys_exit"]);
    assert.equal(openFds(), before + 2, "no other descriptor stays open");
    for (const fd of opened!.values()) closeFd(fd);
    assert.equal(openTracepoints(["syscalls/sys_enter_openat", "syscalls/no_such_call"]), undefined);
    assert.equal(openFds(), before);
  },
});

Deno.test({
  name: `mountDetached() gives a file system that no other process sees${suffix}`,
  ignore: skip !== null,
  fn() {
    const mounts = Deno.readTextFileSync("/proc/self/mounts");
    const fd = mountDetached("tmpfs");
    assert.deepEqual([...Deno.readDirSync(`/proc/self/fd/${fd}/`)], []);
    assert.equal(Deno.readTextFileSync("/proc/self/mounts"), mounts);
    closeFd(fd);
    assert.throws(() => mountDetached("no_such_file_system"), /fsopen\("no_such_file_system"\) failed/);
  },
});
