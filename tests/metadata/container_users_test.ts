// Users of containers: read once a process has a root of its own, kept up to date, and gone with the container.

import assert from "node:assert/strict";
import { FakeTime } from "./fake_time.ts";
import { type AccountFiles, ContainerUsers, type ReadRequest } from "../../metadata/container_users.ts";
import { accountsOnHost, parseIdMap } from "../../metadata/id_map.ts";
import { parseGroup, parsePasswd } from "../../metadata/users.ts";

const PASSWD =
  "root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/ash\n+nis::::::\nann2:x:1000:1::/:/\n";
const GROUP = "root:x:0:\nstaff:x:50:ann\n";

class Lab {
  readonly said: string[] = [];
  readonly asked: ReadRequest[] = [];
  answers: (request: ReadRequest) => AccountFiles | Promise<AccountFiles> = () => ({ kind: "gone" });
  processes = new Map<string, number>();
  readonly users = new ContainerUsers({
    read: async (request) => {
      this.asked.push({ ...request });
      return await this.answers(request);
    },
    findProcesses: () => this.processes,
    onChange: (id, { added, removed }) => {
      const names = (list: typeof added) => [...list.users, ...list.groups].map(({ name }) => name).join(" ");
      this.said.push(`${id} +${names(added)} -${names(removed)}`);
    },
    onRead: (id) => this.said.push(`${id} read`),
  });
}

const own = (passwd: string, group: string, stamp = "1"): AccountFiles => ({
  kind: "own",
  passwd: { stamp, text: passwd },
  group: { stamp, text: group },
});

async function inLab(check: (lab: Lab, time: FakeTime) => Promise<void>): Promise<void> {
  const time = new FakeTime();
  const lab = new Lab();
  try {
    await check(lab, time);
  } finally {
    lab.users.close();
    time.restore();
  }
}

Deno.test("a process is looked at until it has a root of its own; then the lists are told once", () =>
  inLab(async (lab, time) => {
    lab.answers = () => lab.asked.length < 3 ? { kind: "host" } : own(PASSWD, GROUP);
    lab.users.seen("c1", 10);
    await time.pass(20);
    assert.deepEqual(lab.said, ["c1 +root ann root staff -", "c1 read"]);
    assert.deepEqual(lab.asked.map(({ pid, acceptsHost }) => [pid, acceptsHost]), [[10, false], [10, false], [
      10,
      false,
    ]]);
    lab.users.seen("c1", 11);
    await time.pass(1);
    assert.deepEqual(lab.said.slice(2), ["c1 read"]);
    assert.equal(lab.asked.length, 3);
  }));

Deno.test("a process that has gone is followed by the next; a root that stays the host's is accepted in the end", () =>
  inLab(async (lab, time) => {
    lab.answers = ({ pid, acceptsHost }) =>
      pid === 10 ? { kind: "gone" } : acceptsHost ? own(PASSWD, GROUP) : { kind: "host" };
    lab.users.seen("c1", 10);
    await time.pass(5);
    assert.deepEqual(lab.said, []);
    lab.users.seen("c1", 11);
    await time.pass(1000);
    assert.deepEqual(lab.said, ["c1 +root ann root staff -", "c1 read"]);
  }));

Deno.test("files of the host that were told for a container are followed by its own, with its numbers of users", () =>
  inLab(async (lab, time) => {
    const ids = { uids: parseIdMap("0 100000 65536\n"), gids: parseIdMap("0 100000 65536\n") };
    const host = own("root:x:0:0::/:/\n", "");
    lab.answers = ({ acceptsHost }) =>
      acceptsHost ? { ...host, isHosts: true } as AccountFiles : { kind: "host" };
    lab.users.seen("c1", 10);
    await time.pass(1000);
    assert.deepEqual(lab.said, ["c1 +root -", "c1 read"]);
    // the same file, as where the host's is mounted in the container
    lab.answers = ({ stamps }) =>
      ({
        ...host,
        passwd: stamps.passwd === "" ? { stamp: "1", text: "root:x:0:0::/:/\n" } : { stamp: "1" },
        ids,
      }) as AccountFiles;
    await time.pass(300);
    assert.deepEqual(lab.said.slice(2), ["c1 +root -root", "c1 read"]);
    lab.answers = () => ({ kind: "gone" });
    const asked = lab.asked.length;
    await time.pass(2000);
    assert.equal(lab.asked.length, asked, "it is not looked at any more");
  }));

Deno.test("files that change are told as differences; a container without processes loses its users", () =>
  inLab(async (lab, time) => {
    lab.answers = () => own(PASSWD, GROUP);
    lab.users.seen("c1", 10);
    await time.pass(1);
    lab.said.length = 0;
    lab.answers = () => ({
      kind: "own",
      passwd: { stamp: "2", text: "bob:x:7:7::/:/bin/sh" },
      group: { stamp: "1" },
    });
    await time.pass(6000);
    assert.deepEqual(lab.said, ["c1 +bob -root ann"]);
    assert.deepEqual(lab.asked.at(-1)?.stamps, { passwd: "1", group: "1" });
    lab.answers = () => ({ kind: "gone" });
    lab.processes.set("c1", 20);
    await time.pass(61_000);
    assert.deepEqual(lab.said, ["c1 +bob -root ann"]);
    assert.ok(lab.asked.some(({ pid }) => pid === 20));
    lab.processes.clear();
    await time.pass(121_000);
    assert.deepEqual(lab.said, ["c1 +bob -root ann", "c1 + -bob root staff"]);
    assert.equal(lab.users.counters()["containers"], 0);
  }));

Deno.test("reads that never end take a bounded number of slots", () =>
  inLab(async (lab, time) => {
    lab.answers = () => new Promise(() => {});
    for (let n = 0; n < 100; n++) for (let pid = 1; pid < 10; pid++) lab.users.seen(`c${n}`, pid);
    await time.pass(10_000);
    assert.ok(lab.asked.length <= 16);
    assert.ok((lab.users.counters()["reads_refused"] ?? 0) > 0);
  }));

Deno.test("hostile lists are cut to a bounded number of accounts", () =>
  inLab(async (lab, time) => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `u${i}:x:${i}:0::/:/`).join("\n");
    lab.answers = () => own(lines, "");
    lab.users.seen("c1", 10);
    await time.pass(1);
    assert.equal(lab.said[0]?.split(" ").filter((word) => /^\+?u/.test(word)).length, 1024);
  }));

Deno.test("accounts of a container with a user namespace are told by the host's numbers", () => {
  const ids = {
    uids: parseIdMap("         0     100000       1000\n      1000       1234          1\n"),
    gids: parseIdMap("0 100000 1000\n"),
  };
  const list = accountsOnHost({ users: parsePasswd(PASSWD), groups: parseGroup(GROUP) }, ids);
  assert.deepEqual(list.users.map(({ uid, gid, name }) => [uid, gid, name]), [
    [100_000, 100_000, "root"],
    [1234, 65_534, "ann"],
    [1234, 100_001, "ann2"],
  ]);
  assert.deepEqual(list.groups, [{ gid: 100_000, name: "root" }, { gid: 100_050, name: "staff" }]);
});

Deno.test("the map of the first process counts for later readings, too", () =>
  inLab(async (lab, time) => {
    const ids = { uids: parseIdMap("0 5000 10"), gids: parseIdMap("0 5000 100") };
    const told: number[] = [];
    const users = new ContainerUsers({
      read: () => Promise.resolve({ ...own(PASSWD, GROUP, String(told.length)), ids }),
      findProcesses: () => lab.processes,
      onChange: (_, { added }) => told.push(...added.users.map(({ uid }) => uid)),
      onRead: () => {},
    });
    users.seen("c1", 10);
    await time.pass(5100);
    users.close();
    assert.deepEqual(told, [5000]);
  }));
