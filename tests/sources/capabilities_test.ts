// Capabilities: which are missing, by the kernel's own words about a process.

import assert from "node:assert/strict";
import { missingCapabilities } from "../../sources/live/capabilities.ts";

const ALL = ["CAP_BPF", "CAP_PERFMON", "CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"];
/** Bits of CapEff, as /proc/PID/status has them. */
const status = (...bits: number[]) =>
  `Name:\tfalco\nCapEff:\t${
    bits.reduce((sum, bit) => sum | 1n << BigInt(bit), 0n).toString(16).padStart(16, "0")
  }\n`;
const names = (text: string) => missingCapabilities(text).map(({ name }) => name);

Deno.test("each capability that is missing is told, and what goes without it", () => {
  assert.deepEqual(names(status()), ALL);
  assert.deepEqual(names(status(39, 38, 2)), ["CAP_SYS_PTRACE"]);
  assert.deepEqual(names(status(39, 38, 19, 2)), []);
  assert.match(missingCapabilities(status(39, 38, 2))[0]!.without, /processes that were there before/);
});

Deno.test("CAP_SYS_ADMIN stands for what loads the probe, and for nothing else", () => {
  assert.deepEqual(names(status(21)), ["CAP_SYS_PTRACE", "CAP_DAC_READ_SEARCH"]);
});
