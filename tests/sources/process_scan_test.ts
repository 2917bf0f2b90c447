import assert from "node:assert/strict";
import { bootEpochNs, realtimeNs } from "../../ffi/clock.ts";
import { FD_TYPE } from "../../schema/wire.ts";
import { seedBlocks } from "../../sources/live/seed.ts";
import { scanProcesses } from "../../sources/live/process_scan.ts";
import {
  blocksOf,
  parseFdList,
  parseInterfaceList,
  parseProcessList,
  parseUserList,
} from "../scap/parse_blocks.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("scanProcesses() sees this process as it is", () => {
  const { threads, fds } = scanProcesses("", bootEpochNs());
  const self = threads.find(({ tid }) => tid === Deno.pid);
  assert.ok(self !== undefined);
  assert.equal(self.pid, Deno.pid);
  assert.equal(self.ptid, Deno.ppid);
  assert.equal(self.uid, Deno.uid());
  assert.equal(text(self.exepath), Deno.execPath());
  assert.equal(text(self.cwd), `${Deno.cwd().replace(/\/$/, "")}/`);
  assert.equal(text(self.comm), Deno.readTextFileSync("/proc/self/comm").trimEnd());
  assert.equal(text(self.env), text(Deno.readFileSync("/proc/self/environ").slice(0, 4096)));
  assert.ok(text(self.args).endsWith("\0"));
  assert.equal(self.exeIno, BigInt(Deno.statSync(Deno.execPath()).ino!));
  assert.match(text(self.cgroups), /^([^=\0]+(=[^=\0]+)?=\/[^\0]*\0)+$/);
  assert.equal(self.flags, 0);
  const others = threads.filter(({ pid, tid }) => pid === Deno.pid && tid !== pid);
  assert.ok(others.length > 0, "the threads of the runtime");
  assert.ok(others.every(({ flags, exepath }) => flags === 0x2001 && text(exepath) === Deno.execPath()));
  assert.ok(fds.get(Deno.pid)!.length >= 3);
  const now = realtimeNs();
  assert.ok(self.pidnsInitStartNs > 0n && self.pidnsInitStartNs < now);
});

Deno.test("scanProcesses() sees open files, pipes, folders and sockets of a child", async () => {
  const folder = Deno.makeTempDirSync();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const child = new Deno.Command("bash", {
    args: [
      "-c",
      `exec 7>>"$0/file" 8<"$0" 9<>/dev/tcp/127.0.0.1/$1; echo ready; read -r`,
      folder,
      `${listener.addr.port}`,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    await reader.read();
    reader.releaseLock();
    const byFd = new Map(
      scanProcesses("", bootEpochNs()).fds.get(child.pid)!.map((entry) => [entry.fd, entry]),
    );
    const file = byFd.get(7)!;
    assert.equal(file.ino, BigInt(Deno.statSync(`${folder}/file`).ino!));
    assert.ok(file.target.kind === "file");
    assert.equal(text(file.target.name), `${folder}/file`);
    assert.equal(file.target.openFlags & 0xf, 2 | 8, "write-only, append");
    assert.ok(file.target.dev !== 0);
    const folderFd = byFd.get(8)!.target;
    assert.ok(folderFd.kind === "named" && folderFd.type === FD_TYPE.DIRECTORY);
    const connection = byFd.get(9)!.target;
    assert.ok(connection.kind === "ipv4");
    assert.equal(connection.dport, listener.addr.port);
    assert.equal(connection.dip, 0x0100007f);
    const pipe = byFd.get(1)!.target;
    assert.ok(pipe.kind === "named" && pipe.type === FD_TYPE.FIFO);
  } finally {
    listener.close();
    child.kill("SIGKILL");
    await child.stdin.close().catch(() => {});
    await child.stdout.cancel();
    await child.status;
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("seedBlocks() writes blocks that parse back to what was scanned", () => {
  const users = {
    users: [{ uid: 0, gid: 0, name: "root", home: "/root", shell: "/bin/sh" }],
    groups: [{ gid: 0, name: "root" }],
  };
  const chunks = [...seedBlocks({ hostRoot: "", bootEpochNs: bootEpochNs(), users })];
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  const threads = blocksOf(bytes, "PROCESS_LIST_V9").flatMap(parseProcessList);
  assert.ok(threads.some(({ tid }) => tid === Deno.pid));
  assert.equal(new Set(threads.map(({ tid }) => tid)).size, threads.length);
  assert.ok(
    blocksOf(bytes, "FD_LIST_V2").map(parseFdList).some(({ tid, fds }) => tid === Deno.pid && fds.length > 0),
  );
  assert.deepEqual(blocksOf(bytes, "USER_LIST_V2").map(parseUserList), [users]);
  const interfaces = blocksOf(bytes, "INTERFACE_LIST_V2").flatMap(parseInterfaceList);
  assert.ok(interfaces.some(({ address }) => address.join(".") === "127.0.0.1"));
});

Deno.test("scanProcesses() bears processes that vanish while it looks", async () => {
  const churn = new Deno.Command("bash", { args: ["-c", "for i in {1..400}; do /bin/true & done; wait"] })
    .spawn();
  for (let i = 0; i < 5; i++) {
    assert.ok(scanProcesses("", bootEpochNs()).threads.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await churn.status;
});

Deno.test("a process whose first thread has ended is listed, with its memory, files and threads", async () => {
  const script = `
import ctypes, os, sys, threading
def work():
    print(threading.get_native_id(), flush=True); sys.stdin.readline(); os._exit(0)
threading.Thread(target=work).start()
ctypes.CDLL(None).syscall(60, 0)
`;
  const child = new Deno.Command("python3", {
    args: ["-c", script, "leaderless"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  try {
    const reader = child.stdout.getReader();
    const tid = Number(text((await reader.read()).value!));
    reader.releaseLock();
    // the first thread may still be on its way out
    while (!/^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${child.pid}/status`))) {
      await new Promise((go) => setTimeout(go, 5));
    }
    const { threads, fds } = scanProcesses("", bootEpochNs());
    const [leader] = threads.filter(({ tid }) => tid === child.pid);
    assert.match(text(leader!.args), /leaderless/);
    assert.match(text(leader!.exepath), /python/);
    assert.equal(leader!.flags, 1 << 18, "marked as ended");
    const [thread] = threads.filter((entry) => entry.tid === tid);
    assert.deepEqual([thread!.pid, text(thread!.exepath)], [child.pid, text(leader!.exepath)]);
    assert.ok(fds.get(child.pid)!.length >= 3);
  } finally {
    child.kill("SIGKILL");
    await Promise.all([child.status, child.stdin.abort(), child.stdout.cancel()]);
  }
});
