import assert from "node:assert/strict";
import { FD_TYPE, L4 } from "../../schema/wire.ts";
import type { FdTarget } from "../../scap/fd_list.ts";
import { CgroupPaths } from "../../sources/live/cgroup_paths.ts";
import { parseCpuList, planRings } from "../../sources/live/cpus.ts";
import { isWritable } from "../../sources/live/exe_facts.ts";
import { driverOpenFlags } from "../../sources/live/fd_scan.ts";
import { parseIp } from "../../sources/live/host_info.ts";
import { encodeDev, parseMountinfo } from "../../sources/live/mount_table.ts";
import { parseStat, parseStatus } from "../../sources/live/proc_status.ts";
import { parseInet, parseNetlink, parseUnix } from "../../sources/live/socket_table.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("parseStatus() reads ids of all pid namespaces and capabilities", () => {
  const status = parseStatus(
    bytes(
      "Name:\tsh\\nTgid:\t9\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t4711\nNgid:\t0\nPid:\t4712\nPPid:\t4000\n" +
        "Uid:\t1000\t1001\t1002\t1003\nGid:\t100\t101\t102\t103\nGroups:\t4 24 27 \nNStgid:\t4711\t17\t1\n" +
        "NSpid:\t4712\t18\t2\nNSpgid:\t4700\t16\t0\nNSsid:\t4700\t16\t0\nVmSize:\t   12340 kB\nVmRSS:\t    560 kB\n" +
        "VmSwap:\t       7 kB\nCapInh:\t0000000000000001\nCapPrm:\t000001ffffffffff\nCapEff:\t00000000a80425fb\n",
    ),
    4712,
  );
  assert.deepEqual(status, {
    ...{ pid: 4711, ppid: 4000, uid: 1001, gid: 101, groups: [4, 24, 27] },
    ...{ vtid: 2, vpid: 1, pgid: 4700, vpgid: 0, pidnsDepth: 3 },
    ...{ vmsizeKb: 12340, vmrssKb: 560, vmswapKb: 7 },
    ...{ capInheritable: 1n, capPermitted: 0x1ffffffffffn, capEffective: 0xa80425fbn },
  });
});

Deno.test("parseStatus() takes a kernel without namespaces and refuses a cut file", () => {
  const status = parseStatus(bytes("Tgid:\t5\nPPid:\t1\n"), 5);
  assert.equal(status?.vtid, 5);
  assert.equal(status?.vpid, 5);
  assert.equal(status?.pidnsDepth, 1);
  assert.equal(parseStatus(bytes("Name:\tx\n"), 5), undefined);
});

Deno.test("parseStat() is not led astray by a name with blanks and parentheses", () => {
  const text =
    "4711 (evil ) S 1 2 3) R 4000 4700 4699 34816 4711 4194304 120 0 7 0 1 2 3 4 20 0 1 0 98765 1 2 3";
  assert.deepEqual(parseStat(bytes(text)), {
    sid: 4699,
    tty: 34816,
    pageFaultsMinor: 120n,
    pageFaultsMajor: 7n,
    startTicks: 98765n,
  });
  assert.equal(parseStat(bytes("1 (x) S")), undefined);
});

Deno.test("CgroupPaths writes one entry per v1 subsystem", () => {
  const paths = new CgroupPaths("/nonexistent");
  const text = new TextDecoder().decode(
    paths.format(
      bytes(
        "4:cpu,cpuacct:/docker/0123\n3:name=systemd:/a:b\n2::/lost\n1:memory:/../neighbour\n0::/unified\n",
      ),
    ),
  );
  assert.equal(text, "cpu=/docker/0123\0cpuacct=/docker/0123\0name=systemd=/a:b\0memory=/neighbour\0");
});

Deno.test("CgroupPaths gives the path of v2 for all controllers of the root, also where the group has none", () => {
  const root = Deno.makeTempDirSync();
  try {
    const mount = `${root}/proc/1/root/cg`;
    Deno.mkdirSync(`${mount}/a.slice/b.scope`, { recursive: true });
    Deno.writeTextFileSync(`${root}/proc/1/mounts`, "cgroup2 /cg cgroup2 rw 0 0\n");
    Deno.writeTextFileSync(`${mount}/cgroup.controllers`, "cpu memory pids\n");
    Deno.writeTextFileSync(`${mount}/a.slice/b.scope/cgroup.controllers`, "\n");
    const text = new TextDecoder().decode(new CgroupPaths(root).format(bytes("0::/a.slice/b.scope\n")));
    assert.equal(text, "cpu=/a.slice/b.scope\0memory=/a.slice/b.scope\0pids=/a.slice/b.scope\0");
  } finally {
    Deno.removeSync(root, { recursive: true });
  }
});

Deno.test("CgroupPaths keeps the outermost folders of a long path: nobody leaves a container by going deeper", () => {
  const head = `/docker/${"a".repeat(64)}`;
  const lines = ["cpu", "memory", "pids"].map((name, i) => `${i}:${name}:${head}${"/x".repeat(20_000)}\n`);
  const text = new TextDecoder().decode(new CgroupPaths("/nonexistent").format(bytes(lines.join(""))));
  const paths = text.split("\0").slice(0, -1);
  assert.equal(paths.length, 3);
  for (const path of paths) assert.match(path, /^\w+=\/docker\/a{64}\/x.*\/\.\.\.$/);
});

Deno.test("parseMountinfo() finds devices and the upper folder of an overlay", () => {
  const mounts = parseMountinfo(
    "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n" +
      "40 22 0:35 / /var/lib/my\\040root rw,relatime - overlay overlay rw,lowerdir=/l1:/l2,upperdir=/u\\040p/diff,workdir=/w\n" +
      "rubbish\n",
  );
  assert.deepEqual(mounts, [
    { id: 22, dev: 0x801, folder: "/", type: "ext4" },
    { id: 40, dev: 35, folder: "/var/lib/my root", type: "overlay", upperFolder: "/u p/diff" },
  ]);
  assert.equal(encodeDev(259, 0x12345), (0x45 | (259 << 8) | (0x12300 << 12)) >>> 0);
});

Deno.test("parseInet() reads IPv4 and IPv6 sockets; without a peer they are a server's", () => {
  const sockets = new Map<number, FdTarget>();
  parseInet(
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" +
      "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1 0\n" +
      "   1: 0100007F:1F90 0200007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 12 1 0\n" +
      "   2: 0100007F:1F90 0200007F:C350 06 00000000:00000000 00:00000000 00000000     0        0 0 1 0\n" +
      "   3: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 13 1\n" +
      "   4: B80D0120000000000000000007000000:0016 B80D0120000000000000000008000000:01BB 0A 0:0 0:0 0 0 0 14 1\n" +
      "   5: zz:zz yy:yy 0A 0:0 0:0 0 0 0 15 1\n",
    L4.TCP,
    sockets,
  );
  const ip6 = (last: number) => Uint8Array.from([0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last]);
  const loopback = new Uint8Array(16);
  loopback[15] = 1;
  assert.deepEqual(
    sockets,
    new Map<number, FdTarget>([
      [11, { kind: "ipv4 server", ip: 0x0100007f, port: 8080, l4: L4.TCP }],
      [12, { kind: "ipv4", sip: 0x0100007f, dip: 0x0200007f, sport: 8080, dport: 50000, l4: L4.TCP }],
      [13, { kind: "ipv6 server", ip: loopback, port: 22, l4: L4.TCP }],
      [14, { kind: "ipv6", sip: ip6(7), dip: ip6(8), sport: 22, dport: 443, l4: L4.TCP }],
    ]),
  );
});

Deno.test("parseUnix() and parseNetlink() read paths with blanks and skip their headers", () => {
  const sockets = new Map<number, FdTarget>();
  parseUnix(
    "Num       RefCount Protocol Flags    Type St Inode Path\n" +
      "ffff888012345678: 00000002 00000000 00010000 0001 01 2101 /run/my socket\n" +
      "0000000000000000: 00000003 00000000 00000000 0001 03 2102\n",
    sockets,
  );
  parseNetlink(
    "sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n0000 0 0 00000000 0 0 0 2 0 2103\n",
    sockets,
  );
  const name = new Uint8Array(0);
  assert.deepEqual(
    sockets,
    new Map<number, FdTarget>([
      [2101, { kind: "unix", source: 0xffff888012345678n, peer: 0n, name: bytes("/run/my socket") }],
      [2102, { kind: "unix", source: 0n, peer: 0n, name }],
      [2103, { kind: "named", type: FD_TYPE.NETLINK, name }],
    ]),
  );
});

Deno.test({
  name: "driverOpenFlags() turns the kernel's open flags into the driver's",
  ignore: Deno.build.arch !== "x86_64",
  fn() {
    assert.equal(driverOpenFlags(0), 1); // read-only
    assert.equal(driverOpenFlags(0o1), 2);
    assert.equal(driverOpenFlags(0o2), 3);
    assert.equal(driverOpenFlags(0o2101), 2 | 4 | 8); // O_WRONLY, O_CREAT, O_APPEND
    assert.equal(driverOpenFlags(0o2204000), 1 | 0x1000 | 0x40 | 0x400); // O_CLOEXEC, O_DIRECTORY, O_NONBLOCK
    assert.equal(driverOpenFlags(0o10000), 1 | 0x10); // O_DSYNC is only a part of O_SYNC
  },
});

Deno.test("isWritable() asks owner, capabilities, group and mode", () => {
  const file = { mode: 0o100755, uid: 0, gid: 50 };
  const who = { uid: 1000, gid: 1000, groups: [] as number[], capEffective: 0n };
  assert.equal(isWritable(file, who), false);
  assert.equal(isWritable(file, { ...who, uid: 0 }), true);
  assert.equal(isWritable(file, { ...who, capEffective: 1n << 1n }), true);
  assert.equal(isWritable({ ...file, mode: 0o100775 }, { ...who, groups: [50] }), true);
  assert.equal(isWritable({ ...file, mode: 0o100757 }, { ...who, groups: [50] }), false);
  assert.equal(isWritable({ ...file, mode: 0o100757 }, who), true);
});

Deno.test("planRings() gives rings to online CPUs only and leaves no CPU without one", () => {
  assert.deepEqual(parseCpuList("0-3,8\n"), [0, 1, 2, 3, 8]);
  assert.deepEqual(planRings([0, 1, 2, 3], [0, 1, 3], 1), {
    cpusPerRing: 1,
    ringCpus: [0, 1, 3],
    slots: [0, 1, 2, 2],
  });
  assert.deepEqual(planRings([0, 1, 2, 3, 4, 5], [0, 1, 2], 2), {
    cpusPerRing: 2,
    ringCpus: [-1, -1],
    slots: [0, 1, 0],
  });
  for (const { slots, ringCpus } of [planRings([0], [0], 1), planRings([0, 1], [], 1)]) {
    assert.ok(slots.every((ring) => ring < Math.max(ringCpus.length, 1)));
  }
});

Deno.test("parseIp() takes both families and refuses the rest", () => {
  assert.deepEqual(parseIp("192.0.2.1"), Uint8Array.from([192, 0, 2, 1]));
  assert.deepEqual(parseIp("::1")?.[15], 1);
  assert.deepEqual(
    parseIp("fe80::1:2%eth0"),
    Uint8Array.from([0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2]),
  );
  assert.equal(parseIp("1:2:3:4:5:6:7:8")?.length, 16);
  for (const text of ["", "host", "1.2.3", "::1::", "1:2:3", "12345::"]) {
    assert.equal(parseIp(text), undefined, text);
  }
});
