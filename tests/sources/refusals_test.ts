import assert from "node:assert/strict";
import { CallError, EnvironmentError, ERRNO } from "../../base/errors.ts";
import { libbpfCandidates, openLibbpf } from "../../ffi/bpf/libbpf.ts";
import { checkPrerequisites } from "../../sources/live/prerequisites.ts";
import { checkOpenFiles } from "../../sources/live/open_files.ts";
import { loadError, ringError } from "../../sources/live/probe_errors.ts";

const ROOT = "Name:\tfalco\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nSeccomp:\t0\n";
const HOST = { status: ROOT, release: "6.1.0-18-amd64", hasBtf: true };

function reportOf(work: () => unknown): EnvironmentError["report"] {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof EnvironmentError, String(error));
    assert.match(error.message, /tried: .*\n[^]*found: [^]*remedy: /);
    assert.doesNotMatch(error.message, /\n\s+at /, "no stack trace");
    return error.report;
  }
  assert.fail("nothing was thrown");
}

Deno.test("checkPrerequisites() passes root, and others with the two capabilities", () => {
  checkPrerequisites(HOST);
  checkPrerequisites({ ...HOST, status: "Uid:\t7\t7\t7\t7\nCapEff:\t000000c000000000\n" });
  checkPrerequisites({ ...HOST, release: "unreadable" });
});

Deno.test("checkPrerequisites() tells who is not root what is missing", () => {
  const report = reportOf(() =>
    checkPrerequisites({ ...HOST, status: "Uid:\t7\t7\t7\t7\nCapEff:\t0000008000000000\n" })
  );
  assert.match(report.problem, /not run as root/);
  assert.match(report.found.join(), /CAP_PERFMON missing/);
  assert.doesNotMatch(report.found.join(), /CAP_BPF/);
});

Deno.test("checkPrerequisites() tells root in a container which capability is missing", () => {
  const report = reportOf(() =>
    checkPrerequisites({ ...HOST, status: "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n" })
  );
  assert.match(report.problem, /capability is missing/);
  assert.match(report.remedy.join(), /--cap-add BPF/);
});

Deno.test("checkPrerequisites() refuses a kernel without BTF or without ring buffers", () => {
  assert.match(
    reportOf(() => checkPrerequisites({ ...HOST, hasBtf: false })).found.join(),
    /6\.1\.0-18-amd64/,
  );
  assert.match(
    reportOf(() => checkPrerequisites({ ...HOST, release: "5.4.0-1" })).problem,
    /older than 5\.8/,
  );
});

Deno.test("checkPrerequisites() refuses a machine that the probe is not made for", () => {
  const { problem, found } = reportOf(() => checkPrerequisites({ ...HOST, arch: "aarch64" }));
  assert.match(problem, /made for x86_64/);
  assert.deepEqual(found, ["aarch64"]);
});

Deno.test("openLibbpf() names what it tried and a package for each distribution", () => {
  assert.deepEqual(libbpfCandidates("/opt/my.so"), ["/opt/my.so"]);
  assert.equal(libbpfCandidates("")[0], "libbpf.so.1");
  const report = reportOf(() => openLibbpf(libbpfCandidates("/nonexistent/libbpf.so.1")));
  assert.match(report.tried.join(), /\/nonexistent\/libbpf\.so\.1/);
  for (const tool of ["apt-get", "dnf", "apk", "pacman", "FALCO_LIBBPF"]) {
    assert.ok(report.remedy.some((line) => line.includes(tool)), tool);
  }
});

Deno.test("openLibbpf() tells what is wrong with a library that is no libbpf", () => {
  const report = reportOf(() => openLibbpf(["libc.so.6"]));
  assert.match(report.found.join(), /undefined symbol: (libbpf|bpf|btf)_/);
});

Deno.test("loadError() tells a lack of permission from a verifier's refusal", () => {
  const facts = { lockdown: "none", unprivilegedBpfDisabled: "2\n", status: ROOT, release: "6.1" };
  const eperm = new CallError("bpf_object__load", ERRNO.EPERM, "Operation not permitted");
  const refused = loadError(
    eperm,
    ["libbpf: Error in bpf_object__probe_loading()"],
    facts,
  ) as EnvironmentError;
  assert.match(refused.report.problem, /refuses bpf\(2\)/);
  assert.match(refused.report.found.join("\n"), /unprivileged_bpf_disabled: 2/);

  const locked = loadError(eperm, [], {
    ...facts,
    lockdown: "none integrity [confidentiality]",
    status: "Seccomp:\t2\n",
  }) as EnvironmentError;
  assert.match(locked.report.remedy.join(), /locked down/);
  assert.match(locked.report.remedy.join(), /seccomp/);

  const verifier = loadError(
    eperm,
    ["-- BEGIN PROG LOAD LOG --", "R1 invalid mem access"],
    facts,
  ) as EnvironmentError;
  assert.match(verifier.report.problem, /verifier/);
  assert.match(verifier.report.found.join("\n"), /R1 invalid mem access/);
});

Deno.test("loadError() says what to do about a damaged object file", () => {
  const error = loadError(
    new CallError("bpf_object__open_mem", 4001, "Unknown error 4001"),
    [],
  ) as EnvironmentError;
  assert.match(error.report.problem, /object file is damaged/);
  assert.match(error.report.remedy.join(), /deno task build/);
});

Deno.test("loadError() tells signals that interrupt the verifier from a refusal", () => {
  const error = loadError(
    new CallError("bpf_object__load", ERRNO.EAGAIN, "Resource temporarily unavailable"),
    ["-- BEGIN PROG LOAD LOG --", "180: (63) *(u32 *)(r6 +64) = r7"],
  ) as EnvironmentError;
  assert.match(error.report.problem, /signals/);
});

Deno.test("ringError() says how much memory was refused and how to need less", () => {
  const error = ringError(
    new CallError("bpf_map_create", ERRNO.ENOMEM, "Cannot allocate memory"),
    4,
    8 << 20,
  );
  assert.ok(error instanceof EnvironmentError);
  assert.match(error.report.tried.join(), /4 rings of 8192 KiB/);
  assert.match(error.report.remedy.join(), /buf_size_preset/);
});

Deno.test("ringError() knows that old kernels tell a lack of locked memory by EPERM", () => {
  const eperm = new CallError("bpf_map_create", ERRNO.EPERM, "Operation not permitted");
  const facts = { lockdown: "", unprivilegedBpfDisabled: "", status: "", release: "5.10.0-9" };
  const limited = { ...facts, lockedBytes: 65536n };
  for (
    const old of [ringError(eperm, 1, 4096, limited), loadError(eperm, [], limited)] as EnvironmentError[]
  ) {
    assert.match(old.report.remedy.join(), /locked memory/);
  }
  assert.match(
    (loadError(eperm, [], limited) as EnvironmentError).report.found.join(),
    /MEMLOCK is 65536 bytes/,
  );
  const unlimited = loadError(eperm, [], facts) as EnvironmentError;
  assert.match(unlimited.report.problem, /refuses bpf/);
  const recent = ringError(eperm, 1, 4096, { ...facts, release: "6.1" }) as EnvironmentError;
  assert.match(recent.report.problem, /refuses bpf/);
});

Deno.test("limits are told as what they are, even with the verifier's log of a program that was accepted", () => {
  const log = ["-- BEGIN PROG LOAD LOG --", "processed 111 insns", "-- END PROG LOAD LOG --"];
  const facts = { lockdown: "", unprivilegedBpfDisabled: "", status: "", release: "6.1" };
  const report = (errno: number) =>
    (loadError(new CallError("bpf_object__load", errno, "refused"), log, facts) as EnvironmentError).report;
  assert.match(report(ERRNO.EMFILE).problem, /may open too few files/);
  assert.match(report(ERRNO.EMFILE).found.join(), /RLIMIT_NOFILE is \d+ \(hard limit \d+\)/);
  assert.match(report(ERRNO.EMFILE).remedy.join(), /LimitNOFILE/);
  assert.match(report(ERRNO.ENFILE).problem, /too many files are open on this host/);
  assert.match(report(ERRNO.ENOMEM).problem, /memory/);
  const ring = ringError(new CallError("bpf_map_create", ERRNO.EMFILE, "refused"), 64, 4096, facts);
  assert.match((ring as EnvironmentError).report.problem, /may open too few files/);
  // a filter may say that there is no such call
  const filtered = new CallError("bpf_map_create", ERRNO.ENOSYS, "refused");
  const seccomp = loadError(filtered, [], { ...facts, status: "Seccomp:\t2\n" }) as EnvironmentError;
  assert.match(seccomp.report.remedy.join(), /seccomp filter is active.*SystemCallFilter/);
});

Deno.test("checkOpenFiles() counts before anything is loaded", () => {
  checkOpenFiles("programs", 80, { open: 40, limit: 216n, hardLimit: 216n });
  const { problem, tried, found } = reportOf(() =>
    checkOpenFiles("programs", 80, { open: 40, limit: 215n, hardLimit: 215n })
  );
  assert.match(problem, /may open too few files/);
  assert.deepEqual(tried, ["programs: 80 files, besides 40 that are open and 96 for the work"]);
  assert.deepEqual(found, ["RLIMIT_NOFILE is 215 (hard limit 215)"]);
});
