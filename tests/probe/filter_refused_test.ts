// A kernel that refuses the filter's part of the probe gets the rest of it, and is told so; with the filter off nothing of it is
// shown to the kernel. The refusal is real: the program that only the filter needs is damaged.

import assert from "node:assert/strict";
import { checkFilter, checkPrograms } from "../../doctor/probe_programs.ts";
import { bootEpochNs } from "../../ffi/clock.ts";
import { interestBytes } from "../../schema/probe_programs.ts";
import { planRings, readCpus } from "../../sources/live/cpus.ts";
import type { FilterMode } from "../../sources/live/kernel_filter.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import { Probe } from "../../sources/live/probe.ts";
import { sectionOf } from "./elf_section.ts";
import { liveSkipReason } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";
const FILTERS_OWN = "tracepoint/syscalls/sys_enter_close";
const HOOKS: ProbeHooks = { byPerf: false, entriesByCall: true };
const RING_BYTES = 1 << 20;

function object(): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(new URL("../../build/probe.bpf.o", import.meta.url));
}

function refused(): Uint8Array<ArrayBuffer> {
  const elf = object();
  const { at } = sectionOf(elf, FILTERS_OWN);
  elf[at] = 0xff; // no instruction
  return elf;
}

function load(elf: Uint8Array<ArrayBuffer>, filterMode: FilterMode, hooks: ProbeHooks = HOOKS): Probe {
  return Probe.load({
    elf,
    settings: {
      boot_epoch_ns: bootEpochNs(),
      own_mark: 0x5eed_0002n,
      cpus_per_ring: 1n,
      wakeup_bytes: BigInt(RING_BYTES / 8),
      wakeup_interval_ns: 10_000_000n,
      snaplen: 80n,
      drop_failed: 0n,
    },
    interest: interestBytes(["open", "openat", "close"], ["open", "openat"]),
    hooks,
    filterMode,
    rings: planRings(readCpus("possible"), readCpus("online"), 1),
    ringDataBytes: RING_BYTES,
  });
}

for (const mode of ["auto", "shadow"] as const) {
  Deno.test({
    name: `${mode}: the probe of a kernel that refuses the filter works without it, and says so${suffix}`,
    ignore: skip !== undefined,
    fn() {
      const probe = load(refused(), mode);
      try {
        probe.attach();
        assert.match(probe.filterProblem ?? "", /^engine\.kernel_filter is without effect, every event is/);
        assert.match(probe.filterProblem!, /^[^\n]{1,400}$/);
      } finally {
        probe.close();
      }
    },
  });
}

Deno.test({
  name: `off: what the filter alone needs is not shown to the kernel, and nothing is told${suffix}`,
  ignore: skip !== undefined,
  fn() {
    const probe = load(refused(), "off");
    probe.attach();
    assert.equal(probe.filterProblem, undefined);
    probe.close();
  },
});

Deno.test({
  name: `auto: no word where the filter is in use, whichever way calls are seen at entry${suffix}`,
  ignore: skip !== undefined,
  fn() {
    for (const entriesByCall of [false, true]) {
      const filtering = load(object(), "auto", { byPerf: false, entriesByCall });
      assert.equal(filtering.filterProblem, undefined);
      filtering.close();
    }
  },
});

Deno.test({
  name: `doctor: a host is fit that refuses the filter alone, which is a warning${suffix}`,
  ignore: skip !== undefined,
  fn() {
    const elf = refused();
    assert.equal(checkPrograms(elf, HOOKS).standing, "ok");
    const { standing, found } = checkFilter(elf, HOOKS);
    assert.equal(standing, "warning");
    assert.match(found, /^refused: /);
  },
});
