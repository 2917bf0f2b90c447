// A matcher with rings and containers that tests start, answer for and remove; the clock stops until it is pumped.
// In: what happens, in which container. Out: what was evaluated when, which containers the host was reported.

import assert from "node:assert/strict";
import { readSeenContainer, type SeenContainer } from "../../engine/seen_container.ts";
import { asyncEvent } from "../../scap/event_block.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { REGION } from "../../schema/layout.ts";
import { NOT_A_RULE } from "../../schema/wire.ts";
import { event, i64, list, NONE, StateMatcher, text, u32, u64Params } from "./event_stream.ts";
import { TestRing } from "./test_ring.ts";

const PAGE = 4096;
export const MS = 1_000_000n;
export const START_NS = 1_000_000_000_000n;
export const WAIT_MS = 100n;
const HELD_WAIT_MS = 5n;
const GETPID_LIKE = 39;

export const fullId = (n: number) => n.toString(16).padStart(12, "0").padEnd(64, "c");
export const shortId = (n: number) => fullId(n).slice(0, 12);

export interface Evaluated {
  readonly timeNs: bigint;
  readonly tid: number;
  readonly name: string | undefined;
  readonly user: string | undefined;
}

export interface StartOptions {
  readonly timeNs?: bigint;
  readonly ring?: number;
  readonly uid?: number;
  readonly ptid?: number;
  /** above the container's cgroup */
  readonly folder?: string;
}

export class ContainerLab {
  readonly owner: StateMatcher;
  readonly rings: readonly TestRing[];
  readonly evaluated: Evaluated[] = [];
  readonly seen: SeenContainer[] = [];
  nowNs = START_NS;

  constructor(
    { rings = 1, ringBytes = 16 << 10, waitMs = WAIT_MS, watches = true, heapBytes = 4 << 20 } = {},
  ) {
    const stride = 2 * PAGE + 2 * ringBytes;
    const owner = this.owner = new StateMatcher({ heapBytes, ringBytes: rings * stride });
    this.rings = Array.from(
      { length: rings },
      (_, i) => new TestRing(owner, owner.ringsAt + i * stride, ringBytes, i),
    );
    owner.onAlert = (what, at, bytes) => {
      assert.equal(what, NOT_A_RULE.CONTAINER);
      this.seen.push(readSeenContainer(owner.bytes.slice(at, at + bytes) as Uint8Array<ArrayBuffer>));
    };
    owner.onEvent = () =>
      this.evaluated.push({
        timeNs: BigInt(owner.number("evt_rawtime")!),
        tid: owner.number("thread_tid")!,
        name: owner.text("container_name"),
        user: owner.text("user_name"),
      });
    if (watches) owner.matcher.watch_containers(this.nowNs, waitMs * MS, waitMs * MS);
  }

  /** What happens in a thread, now or at a given time. */
  happens(tid: number, timeNs = this.nowNs, ring = 0): boolean {
    return this.rings[ring]!.write(event({ type: GETPID_LIKE, tid, timeNs, params: [] })) !== undefined;
  }

  /** A process begins in a container; n = 0: on the host. */
  starts(tid: number, n: number, options: StartOptions = {}): boolean {
    const { timeNs = this.nowNs, ring = 0, uid = 0, ptid = 1, folder = "/libpod_parent" } = options;
    const cgroup = n === 0 ? "cpu=/" : `cpu=${folder}/libpod-${fullId(n)}`;
    const params = [
      ...[i64(0), text("p"), NONE, i64(tid), i64(tid), i64(ptid), text(""), i64(1024), ...u64Params(0, 0)],
      ...[u32(0), u32(0), u32(0), text("p"), list(cgroup), u32(0), u32(uid), u32(0)],
      ...u64Params(tid, tid, 0),
    ];
    return this.rings[ring]!.write(event({ type: EVENT_CODE["CLONE_X"]!, tid, timeNs, params })) !==
      undefined;
  }

  /** Time passes; a thread that runs looks again every 5 ms while events are held, as the live source does. */
  pump(afterMs = 0n): void {
    const untilNs = this.nowNs + afterMs * MS;
    while (this.owner.matcher.is_holding() !== 0 && this.nowNs + HELD_WAIT_MS * MS < untilNs) {
      this.pumpOnce(HELD_WAIT_MS);
    }
    this.pumpOnce((untilNs - this.nowNs) / MS);
  }

  /** After a time in which the thread may not have had a CPU. */
  pumpOnce(afterMs: bigint): void {
    this.nowNs += afterMs * MS;
    this.owner.matcher.pump(this.nowNs, 1 << 20);
  }

  inject(blocks: Uint8Array): void {
    this.owner.bytes.set(blocks, REGION.INGEST.at);
    assert.equal(this.owner.matcher.inject(REGION.INGEST.at, blocks.length), blocks.length);
  }

  answer(n: number, name = "container"): void {
    const facts = { container: { id: shortId(n), name: `name-${n}`, type: 11 } };
    this.inject(asyncEvent(name as "container", JSON.stringify(facts), 0n));
  }

  /** A call that is about one container. */
  tell(call: "unknown_container" | "read_container_users", n: number): void {
    const bytes = new TextEncoder().encode(shortId(n));
    this.owner.bytes.set(bytes, REGION.OUT.at);
    this.owner.matcher[call](REGION.OUT.at, bytes.length);
  }

  names(tid: number): (string | undefined)[] {
    return this.evaluated.filter((event) => event.tid === tid).map(({ name }) => name);
  }

  counters(): Record<string, number> {
    const names = ["ASKED", "AWAITED", "IN_TIME", "LATE", "CROWDED", "UNKNOWN"] as const;
    return Object.fromEntries(names.map((name) => [name, this.owner.counter(`CONTAINERS_${name}`)]));
  }
}
