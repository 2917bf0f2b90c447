// The host's own root is found by its processes, whichever of them may be looked at.

import assert from "node:assert/strict";
import { ForeignRoot } from "../../../ffi/mod.ts";
import { HostIdentity } from "../../../service/containers/host_identity.ts";

interface Process {
  readonly root: "host" | "container" | "none";
  readonly cgroup: string;
  readonly cmdline: string;
}

const CONTAINER = `0::/kubepods/pod1/${"a".repeat(64)}\n`;
const INIT: Process = { root: "host", cgroup: "0::/init.scope\n", cmdline: "/sbin/init\0" };

async function check(processes: Readonly<Record<number, Process>>, expected: "host" | "none"): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "falco-host-" });
  try {
    for (const root of ["host", "container"]) Deno.mkdirSync(`${folder}/roots/${root}`, { recursive: true });
    for (const [pid, { root, cgroup, cmdline }] of Object.entries(processes)) {
      const place = `${folder}/proc/${pid}`;
      Deno.mkdirSync(place, { recursive: true });
      Deno.writeTextFileSync(`${place}/cgroup`, cgroup);
      Deno.writeTextFileSync(`${place}/cmdline`, cmdline);
      if (root !== "none") Deno.symlinkSync(`${folder}/roots/${root}`, `${place}/root`);
    }
    const host = await ForeignRoot.open(`${folder}/roots/host`);
    host!.close();
    const identity = await new HostIdentity(folder).identity();
    assert.equal(identity, expected === "host" ? host!.identity : "");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("the first process tells which root is the host's", async () => {
  await check({ 1: INIT, 40: { ...INIT, root: "container" } }, "host");
});

Deno.test("a first process that does not show its root is passed over; containers and the kernel's threads do not count", async () => {
  await check({
    1: { ...INIT, root: "none" },
    2: { root: "container", cgroup: "0::/\n", cmdline: "" },
    30: { root: "container", cgroup: CONTAINER, cmdline: "/pause\0" },
    200: { root: "host", cgroup: "0::/system.slice/sshd.service\n", cmdline: "sshd\0" },
    1000: { root: "container", cgroup: "0::/system.slice/other.service\n", cmdline: "chrooted\0" },
  }, "host");
});

Deno.test("where no process tells, no root is taken for the host's", async () => {
  await check({
    1: { ...INIT, root: "none" },
    30: { root: "container", cgroup: CONTAINER, cmdline: "/pause\0" },
  }, "none");
});
