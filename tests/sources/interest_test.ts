import assert from "node:assert/strict";
import { PROBE_LIMITS } from "../../schema/layout.ts";
import { interestTable, wantedSyscalls } from "../../sources/live/interest.ts";

const names = (options: Partial<Parameters<typeof wantedSyscalls>[0]>) =>
  new Set(wantedSyscalls({ eventCodes: [], ...options }).map(({ name }) => name));

Deno.test("wantedSyscalls() always has what the state needs", () => {
  const wanted = names({});
  for (
    const name of [
      "clone",
      "clone3",
      "fork",
      "vfork",
      "execve",
      "execveat",
      "openat",
      "close",
      "dup2",
      "chdir",
    ]
  ) {
    assert.ok(wanted.has(name), name);
  }
  for (const name of ["read", "write", "unlink", "getppid", "stat"]) assert.ok(!wanted.has(name), name);
});

Deno.test("wantedSyscalls() adds the calls of the rules' events", () => {
  assert.ok(names({ eventCodes: [303] }).has("unlinkat"));
});

Deno.test("wantedSyscalls() takes of the reads and writes those that rules name, unless all or none are asked for", () => {
  const io = (options: Partial<Parameters<typeof wantedSyscalls>[0]>) =>
    ["read", "write"].filter((name) => names({ eventCodes: [7, 9], ...options }).has(name));
  assert.deepEqual(io({}), []);
  assert.deepEqual(io({ namedIo: [9] }), ["write"]);
  assert.deepEqual(io({ namedIo: [9], io: "none" }), []);
  assert.deepEqual(io({ io: "all" }), ["read", "write"]);
  assert.deepEqual(io({ namedIo: [9], baseCalls: { custom: ["!write"], repair: false } }), []);
});

Deno.test("wantedSyscalls() takes of the generic calls those that rules name, or all", () => {
  const all = names({ eventCodes: [1] });
  assert.ok(all.has("mincore") && all.has("getppid"));
  const some = wantedSyscalls({ eventCodes: [1] });
  const mincore = some.find(({ name }) => name === "mincore")!.sc;
  const one = names({ eventCodes: [1], genericSyscalls: new Set([mincore]) });
  assert.ok(one.has("mincore") && !one.has("getppid"));
});

Deno.test("interestTable() asks for events at entry where there are some", () => {
  const table = interestTable({ eventCodes: [] });
  assert.equal(table.length, PROBE_LIMITS.MAX_SYSCALLS);
  const openat = 257, close = 3;
  assert.equal(table[openat]! & 3, PROBE_LIMITS.INTEREST_EXIT | PROBE_LIMITS.INTEREST_ENTER);
  assert.equal(table[close]! & 3, PROBE_LIMITS.INTEREST_EXIT);
});

Deno.test("interestTable() asks for resolved paths of opened files only where rules use them", () => {
  const bit = 1 << PROBE_LIMITS.INTEREST_REALPATH_SHIFT;
  const asked = (usesRealpath: boolean) =>
    [...interestTable({ eventCodes: [], usesRealpath }).entries()]
      .filter(([, bits]) => bits & bit).map(([number]) => number);
  const open = 2, creat = 85, openat = 257, openat2 = 437;
  assert.deepEqual(asked(true), [open, creat, openat, openat2]);
  assert.deepEqual(asked(false), []);
});

Deno.test("base_syscalls.custom_set: calls in place of those of the state, and calls that are left out", () => {
  const custom = (...custom: string[]) => names({ eventCodes: [303], baseCalls: { custom, repair: false } });
  assert.deepEqual([...custom("close", "dup2")].sort(), ["close", "dup2", "unlinkat"]);
  const without = custom("!close", "!unlinkat");
  assert.ok(!without.has("close") && !without.has("unlinkat") && without.has("openat"));
  // a name that is no call changes nothing
  assert.deepEqual(custom("nonsense"), names({ eventCodes: [303] }));
});

Deno.test("base_syscalls.repair: of the state only what the rules need", () => {
  const repaired = names({ eventCodes: [303], baseCalls: { custom: [], repair: true } });
  assert.ok(repaired.has("execve") && repaired.has("unlinkat") && repaired.has("close"));
  assert.ok(!repaired.has("openat") && !repaired.has("socket"));
  const server = names({ baseCalls: { custom: ["accept4"], repair: true } });
  for (const name of ["accept4", "socket", "getsockopt", "bind", "clone"]) assert.ok(server.has(name), name);
  // what the rest would be wrong without comes back
  const back = names({ eventCodes: [303], baseCalls: { custom: ["!execve"], repair: true } });
  assert.ok(back.has("execve"));
});
