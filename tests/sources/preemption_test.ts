// Which hooks the probe takes, from what was measured: kernels that this machine does not have, and this one.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { chooseHooks, measureDepths, type PreemptionDepths } from "../../sources/live/preemption.ts";
import { liveRefusal } from "../live/falco_process.ts";

const OBJECT = fileURLToPath(new URL("../../build/preemption.bpf.o", import.meta.url));
const skip = await liveRefusal();
const suffix = skip ? ` (skipped: ${skip})` : "";

const RAW = { byPerf: false, entriesByCall: false };

Deno.test("raw tracepoints are taken where their programs are not preempted, whatever the kernel's number", () => {
  assert.deepEqual(chooseHooks({ raw: 1, perf: 1, call: 1 }, "6.12.95+deb13-rt-amd64"), RAW);
  assert.deepEqual(chooseHooks({ raw: 2, perf: 2, call: 2 }, "7.9.0"), RAW);
  assert.deepEqual(chooseHooks({ raw: 1 }, "6.18.44"), RAW, "no tracefs");
});

Deno.test("perf's tracepoints are taken where programs of raw ones are preempted, also before 7.0", () => {
  assert.deepEqual(chooseHooks({ raw: 0, perf: 1, call: 1 }, "7.0.13"), {
    byPerf: true,
    entriesByCall: true,
  });
  assert.deepEqual(chooseHooks({ raw: 0, perf: 1, call: 0 }, "7.3.4"), {
    byPerf: true,
    entriesByCall: false,
  });
  assert.deepEqual(chooseHooks({ raw: 0, perf: 1, call: 0 }, "6.12.0-200.el10"), {
    byPerf: true,
    entriesByCall: false,
  });
});

Deno.test("a kernel that keeps no count of preemption is never preempted; one that tells nothing is evaluated by its number", () => {
  assert.deepEqual(chooseHooks({ raw: 0, perf: 0, call: 0 }, "5.10.0-46-amd64"), RAW);
  assert.deepEqual(chooseHooks({ raw: 0 }, "5.10.0-46-amd64"), RAW);
  assert.deepEqual(chooseHooks({}, "5.8.0"), RAW);
  assert.deepEqual(chooseHooks({}, "7.3.4"), { byPerf: true, entriesByCall: false });
  assert.deepEqual(chooseHooks({ raw: 0 }, "7.3.4"), { byPerf: true, entriesByCall: false });
});

Deno.test("a kernel that preempts programs at every hook is refused in words", () => {
  const depths: PreemptionDepths = { raw: 0, perf: 0, call: 0 };
  assert.throws(
    () => chooseHooks(depths, "8.1.0"),
    /preempts tracing programs at every hook[\s\S]*kernel 8\.1\.0/,
  );
});

Deno.test({
  name: `the depth of each hook is measured, where the kernel tells the place of its count${suffix}`,
  ignore: skip !== null,
  async fn() {
    const symbols = await Deno.readTextFile("/proc/kallsyms");
    const isTold = / (__preempt_count|pcpu_hot)$/m.test(symbols);
    measureDepths(Deno.readFileSync(OBJECT)); // libbpf keeps what it opens the first time
    const before = [...Deno.readDirSync("/proc/self/fd")].length;
    const depths = measureDepths(Deno.readFileSync(OBJECT));
    assert.deepEqual(Object.keys(depths).sort(), isTold ? ["call", "perf", "raw"] : []);
    assert.equal([...Deno.readDirSync("/proc/self/fd")].length, before, "nothing stays open");
  },
});
