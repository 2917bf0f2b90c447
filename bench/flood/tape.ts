// The events of a flood: those that the probe makes of a small load, byte by byte, with its own records between them.
// In: rules, whether the kernel's filter is in use, whether only files are opened and closed. Out: a tape for ring_writer.bpf.c; the shell that the load was begun by, which
// lives on, so that a falco that begins later knows it. The tape ends where it began, all children of the shell have ended by then.
// Elsewhere: playing it (writer.ts).

import { bootEpochNs } from "../../ffi/mod.ts";
import { RingView } from "../../ffi/bpf/mod.ts";
import { needsOf } from "../../engine/rule_module.ts";
import type { CompiledRules } from "../../rules/compile.ts";
import { PAGE_BYTES, PROBE_LIMITS } from "../../schema/layout.ts";
import { syscallByName } from "../../schema/syscalls.ts";
import { planRings, readCpus } from "../../sources/live/cpus.ts";
import { interestTable } from "../../sources/live/interest.ts";
import { Probe } from "../../sources/live/probe.ts";

const PROJECT = new URL("../../", import.meta.url).pathname;
const RING_BYTES = 32 << 20;
const RECORD_HEADER_BYTES = 8;
const BUSY_OR_DISCARDED = 0xc000_0000;
const FILE_EVENTS = new Set(["openat", "close"].map((name) => syscallByName(name)!.exitEvent));
const { EVENT_HEADER_BYTES, FORK_CODE, CANARY_CODE } = PROBE_LIMITS;

/** Files are searched and read, something is compiled, connections are made; one event in a hundred is a program that begins. */
const LOAD = `
find /usr/include -name "*.h" | head -n 6000 | xargs cat > /dev/null
cd "$0" && echo "#include <stdio.h>" > a.c && cc -c a.c
python3 -c 'import http.client
for i in range(200):
    try: http.client.HTTPConnection("127.0.0.1", 9).request("GET", "/")
    except OSError: pass'
for i in 1 2 3 4; do /bin/true; done
echo over
read end
`;

export interface Tape {
  readonly records: Uint8Array<ArrayBuffer>;
  readonly count: number;
  /** ends the shell */
  close(): Promise<void>;
}

interface Seen {
  readonly timeNs: bigint;
  readonly code: number;
  readonly tid: number;
  readonly record: Uint8Array;
}

/** @param what `files`: opens and closes alone, as if the shell had made them all */
export async function recordTape(
  rules: CompiledRules,
  filterMode: "off" | "auto",
  what: "all" | "files" = "all",
): Promise<Tape> {
  const needs = needsOf(rules);
  const probe = Probe.load({
    elf: Deno.readFileSync(`${PROJECT}build/probe.bpf.o`),
    settings: {
      boot_epoch_ns: bootEpochNs(),
      own_mark: crypto.getRandomValues(new BigUint64Array(1))[0]!,
      cpus_per_ring: 1n,
      wakeup_bytes: BigInt(RING_BYTES),
      wakeup_interval_ns: 10_000_000_000n,
      snaplen: 80n,
      drop_failed: 0n,
    },
    interest: interestTable(needs),
    filterMode,
    rings: planRings(readCpus("possible"), readCpus("online"), 1),
    ringDataBytes: RING_BYTES,
  });
  const folder = await Deno.makeTempDir({ prefix: "falco_flood_" });
  try {
    if (filterMode === "auto") probe.filter(needs.filter);
    probe.setOwn(BigInt(Deno.pid));
    probe.attach();
    const shell = new Deno.Command("sh", {
      args: ["-c", LOAD, folder],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const output = shell.stdout.getReader();
    if ((await output.read()).done) throw new Error("Cannot record a load: its shell ended");
    probe.detach();
    const seen = probe.ringFds.flatMap(readRing).sort((a, b) =>
      a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0
    );
    const tree = ofTree(seen, shell.pid);
    const own = what === "all" ? tree : filesOf(tree, shell.pid);
    return {
      records: packed(own),
      count: own.length,
      close: async () => {
        await output.cancel();
        await shell.stdin.close();
        await shell.status;
      },
    };
  } finally {
    probe.close();
    await Deno.remove(folder, { recursive: true });
  }
}

function readRing(fd: number): Seen[] {
  const ring = new RingView(fd, RING_BYTES, PAGE_BYTES);
  const data = new Uint8Array(Number(ring.produced));
  if (data.length > 0) {
    ring.copy(0, data.length, BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(data))));
  }
  ring.close();
  const view = new DataView(data.buffer);
  const seen: Seen[] = [];
  for (let at = 0, bytes = 0; at < data.length; at += RECORD_HEADER_BYTES + (bytes + 7 & ~7)) {
    const word = view.getUint32(at, true);
    bytes = word & ~BUSY_OR_DISCARDED;
    const eventAt = at + RECORD_HEADER_BYTES;
    const code = view.getUint16(eventAt + 20, true);
    if ((word & BUSY_OR_DISCARDED) !== 0 || code === CANARY_CODE) continue;
    seen.push({
      timeNs: view.getBigUint64(eventAt, true),
      code,
      tid: view.getUint32(eventAt + 8, true),
      record: data.subarray(eventAt, eventAt + bytes),
    });
  }
  return seen;
}

/** What a process and those that it has made did; forks come before anything that a child does. */
function ofTree(seen: readonly Seen[], root: number): Seen[] {
  const tree = new Set([root]);
  return seen.filter(({ code, tid, record }) => {
    if (!tree.has(tid)) return false;
    if (code === FORK_CODE) tree.add(firstNumber(record));
    return true;
  });
}

function filesOf(seen: readonly Seen[], shell: number): Seen[] {
  const files = seen.filter(({ code }) => FILE_EVENTS.has(code));
  for (const { record } of files) {
    const view = new DataView(record.buffer, record.byteOffset);
    view.setUint32(8, shell, true);
    view.setUint32(12, shell, true);
  }
  return files;
}

function firstNumber(record: Uint8Array): number {
  const view = new DataView(record.buffer, record.byteOffset);
  const params = view.getUint32(22, true);
  return Number(view.getBigInt64(EVENT_HEADER_BYTES + 2 * params, true));
}

function packed(seen: readonly Seen[]): Uint8Array<ArrayBuffer> {
  const steps = seen.map(({ record }) => RECORD_HEADER_BYTES + (record.length + 7 & ~7));
  const bytes = new Uint8Array(steps.reduce((sum, step) => sum + step, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  seen.forEach(({ record }, i) => {
    view.setUint32(at, record.length, true);
    bytes.set(record, at + RECORD_HEADER_BYTES);
    at += steps[i]!;
  });
  return bytes;
}
