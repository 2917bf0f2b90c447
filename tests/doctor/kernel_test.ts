// What falco doctor says of kernels, rights and hierarchies that this machine does not have, from their own words.

import assert from "node:assert/strict";
import { checkPreemption } from "../../doctor/preemption.ts";
import { checkKernel, type KernelFacts, readKernelFacts } from "../../doctor/kernel.ts";
import { controlGroups } from "../../doctor/places.ts";
import { checkMemory } from "../../doctor/resources.ts";
import { checkRights } from "../../doctor/rights.ts";

const GOOD: KernelFacts = {
  release: "6.1.0-50-amd64",
  arch: "x86_64",
  btf: "there",
  lockdown: "[none] integrity confidentiality",
  modules: "lockdown,capability,yama,apparmor",
  unprivilegedBpf: "2",
  jit: "1",
  lockedMemory: 65536n,
  mayRaiseLimits: false,
};

function standing(facts: Partial<KernelFacts>, subject: string) {
  return checkKernel({ ...GOOD, ...facts }).find((finding) => finding.subject === subject)?.standing;
}

const status = (capabilities: string, more = "") =>
  `Name:\tfalco\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t${capabilities}\n${more}`;
const rights = (text: string, uidMap = "         0          0 4294967295") =>
  checkRights({ status: text, uidMap }).map(({ subject, standing }) => `${subject}: ${standing}`);

Deno.test("a good kernel passes in all points, and so does the one that runs the tests", () => {
  assert.deepEqual(checkKernel(GOOD).filter(({ standing }) => standing !== "ok"), []);
  assert.ok(checkKernel(readKernelFacts()).length > 0);
});

Deno.test("what the probe cannot do without fails, and what only costs is a warning", () => {
  assert.equal(standing({ release: "5.7.19" }, "kernel"), "fail");
  assert.equal(standing({ release: "5.8.0" }, "kernel"), "ok");
  assert.equal(standing({ release: "strange" }, "kernel"), "ok");
  assert.equal(standing({ arch: "aarch64" }, "kernel"), "fail");
  assert.equal(standing({ btf: "absent" }, "types (BTF)"), "fail");
  assert.equal(standing({ btf: "sysless" }, "types (BTF)"), "fail");
  assert.equal(standing({ lockdown: "none integrity [confidentiality]" }, "lockdown"), "fail");
  assert.equal(standing({ lockdown: "none [integrity] confidentiality" }, "lockdown"), "ok");
  assert.equal(standing({ unprivilegedBpf: "0" }, "unprivileged BPF"), "warning");
  assert.equal(standing({ jit: "0" }, "BPF compiler"), "warning");
});

Deno.test("locked memory matters before 5.11 only, and not to who may raise the limit", () => {
  const old = "5.10.0-46-amd64";
  assert.equal(standing({ release: old }, "locked memory"), "warning");
  assert.equal(standing({ release: old, mayRaiseLimits: true }, "locked memory"), "ok");
  assert.equal(standing({ release: old, lockedMemory: undefined }, "locked memory"), "ok");
  assert.equal(standing({}, "locked memory"), undefined);
});

Deno.test("each missing capability is named with what goes without it", () => {
  assert.deepEqual(rights(status("0000000000000000")), ["capabilities: fail"]);
  assert.deepEqual(rights(status("000000c000000000")), ["capabilities: warning"]);
  assert.deepEqual(rights(status("0000000000280004")), ["capabilities: ok"]);
  assert.deepEqual(rights(""), ["capabilities: warning"]);
  const [finding] = checkRights({ status: status("000000c000080000"), uidMap: undefined });
  assert.match(finding!.found, /CAP_DAC_READ_SEARCH/);
  assert.doesNotMatch(finding!.found, /CAP_BPF/);
});

Deno.test("capabilities of a user namespace of its own count for nothing", () => {
  assert.deepEqual(rights(status("000001ffffffffff"), "0 1000 1"), [
    "capabilities: ok",
    "user namespace: fail",
  ]);
});

Deno.test("v1, v2, hybrid and absent control groups are told apart", () => {
  const v2 = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";
  const v1 = "cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\n";
  assert.match(controlGroups(v2).found, /^v2 at/);
  assert.match(controlGroups(v1).found, /^v1 with 1/);
  assert.match(controlGroups(v1 + v2).found, /^hybrid/);
  assert.equal(controlGroups("proc /proc proc rw 0 0\n").standing, "warning");
});

Deno.test("rings that do not fit into the memory fail, those over the control group's limit are a warning", () => {
  const facts = { rings: 2, ringBytes: 8 << 20, available: 8e9, limit: undefined };
  assert.equal(checkMemory(facts).standing, "ok");
  assert.equal(checkMemory({ ...facts, limit: 100 << 20 }).standing, "warning");
  assert.equal(checkMemory({ ...facts, rings: 512 }).standing, "ok");
  assert.equal(checkMemory({ ...facts, rings: 512, available: 2e9 }).standing, "fail");
});

Deno.test("which hooks the kernel preempts is told, and where none will do the probe is not tried", () => {
  const told = (depths: Parameters<typeof checkPreemption>[0], release: string) => {
    const { finding, hooks } = checkPreemption(depths, release);
    return [finding.standing, finding.found, hooks !== undefined] as const;
  };
  const [standing, found] = told({ raw: 0, perf: 1, call: 0 }, "7.3.4");
  assert.equal(standing, "ok");
  assert.match(found, /raw tracepoints are preempted: the probe uses those of perf.*one for all calls/);
  assert.match(
    found,
    /\(raw tracepoint: preemptible, perf tracepoint: preemption off, .*of one call: preemptible\)$/,
  );
  assert.match(told({ raw: 1, perf: 1, call: 1 }, "6.12.0")[1], /are not preempted/);
  assert.match(told({}, "6.18.0")[1], /by the kernel's version/);
  const [refused, why, hasHooks] = told({ raw: 0, perf: 0, call: 0 }, "8.0.0");
  assert.deepEqual([refused, hasHooks], ["fail", false]);
  assert.match(why, /every hook/);
});
