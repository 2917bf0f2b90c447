// Events of this host, from the probe's rings into the matcher.
//
// Order of the start: load, map the rings, attach, then scan /proc, feed the scan, and only then take events. So nothing
// is missed: what happens during the scan waits in the rings and is applied to the scanned state afterwards. Applying an
// event twice (once seen by the scan, once from the ring) leads to the same state.
//
// A turn sleeps in epoll_wait and then pumps. The probe wakes a sleeper with the first event after a pause of
// `wakeup_interval_ns` and with much data; other events come without a wake-up and are found by the timeout. It grows
// from 1 ms with every turn that finds nothing; once the pauses since the last event exceed the interval, whatever comes
// next wakes us, and the sleep may be long.
//
// The horizon of a pump lies a little in the past: an event gets its time when its program begins and enters the ring
// when it ends, so for as long as a program may run (or a virtual CPU be taken away) an older event of another CPU can
// still arrive. Half a millisecond covers nearly all; the rest is counted as EVENTS_OUT_OF_ORDER and still evaluated.

import { bootEpochNs, boottimeNs, drainEventfd, Epoll, followBootEpoch, readLink } from "../../ffi/mod.ts";
import type { RingPages } from "../../ffi/bpf/mod.ts";
import { UserFiles, type UserList } from "../../metadata/mod.ts";
import { REGION } from "../../schema/mod.ts";
import { BlockFeeder } from "../ingest_blocks.ts";
import type { MatcherPort, RuleNeeds, Source, ThreadQuestion } from "../matcher_port.ts";
import type { RingPlan } from "./cpus.ts";
import { type HostView, viewHost } from "./host_view.ts";
import type { FilterMode } from "./kernel_filter.ts";
import { interestTable, type IoCalls } from "./interest.ts";
import { checkPrerequisites } from "./prerequisites.ts";
import { Probe } from "./probe.ts";
import { objectFileError } from "./probe_errors.ts";
import { openRings, type RingSet } from "./ring_set.ts";
import { ThreadLookup } from "./thread_lookup.ts";
import { InjectedRecords } from "./injected_records.ts";
import { seedBlocks, userBlock } from "./seed.ts";
import type { BaseCalls } from "../base_calls.ts";

export interface LiveOptions {
  /** path of the probe's object file */
  readonly probePath: string;
  /** of the one that measures the kernel's preemption */
  readonly preemptionPath: string;
  readonly rings: RingPlan;
  /** where each ring lies in the matcher's memory */
  readonly ringPages: readonly RingPages[];
  /** copy records into the memory instead of mapping the rings there */
  readonly copy: boolean;
  readonly hostRoot: string;
  /** of the rules that the run begins with */
  readonly needs: RuleNeeds;
  readonly io: IoCalls;
  readonly baseCalls?: BaseCalls;
  readonly dropFailed: boolean;
  readonly filterMode: FilterMode;
  readonly snaplen: number;
  /** containers are reported, and their first events wait until something is known of them */
  readonly containers?: { readonly waitMs: number };
  /** `state` will be asked for */
  readonly isRecorded?: boolean;
  /** wakes the source (sources/waker.ts) */
  readonly wakerFd: number;
}

const encoder = new TextEncoder();
const NS_PER_MS = 1_000_000n;
const HORIZON_SLACK_NS = 500_000n;
const WAKEUP_INTERVAL_MS = 10;
const WAKEUP_SHARE = 8; // of a ring, filled without a wake-up
/** By so much a time may be wrong before it is put right: corrections in small steps would make times run backwards. */
const CLOCK_TOLERANCE_NS = 1_000_000n;
const MIN_WAIT_MS = 1;
const MAX_WAIT_MS = 20;
const IDLE_WAIT_MS = 500;
const MAX_EVENTS = 1 << 16;
const USERS_CHECK_NS = 2_000_000_000n;
const WAKER_TAG = 0xffff_ffff;
/** How soon to look again whether an answer has come or the time is over, when events wait for a container. */
const HELD_WAIT_MS = 5;
/** Containers that were there before: their engines are asked about all of them at once. */
const START_WAIT_MS = 1000;
const MAX_ID_BYTES = 256;
/** when reporting has ended, everything is to be taken; clocks of CPUs differ by far less */
const BEYOND_NS = 1_000_000_000n;

export class LiveSource implements Source {
  readonly #options: LiveOptions;
  readonly #matcher: MatcherPort;
  readonly #feeder: BlockFeeder;
  readonly #users: UserFiles;
  readonly #records: InjectedRecords;
  #lookup: ThreadLookup | undefined;
  /** what the probe adds to boot time, so that what happens is ordered by a clock that nobody sets */
  readonly #bootNs = bootEpochNs();
  /** what the time of day has been set forward by since then */
  #clockShiftNs = 0n;
  #view: HostView = { root: undefined };
  readonly #epoll = new Epoll();
  #probe: Probe | undefined;
  #rings: RingSet | undefined;
  #waitMs = MIN_WAIT_MS;
  #usersCheckedNs = 0n;
  #lastCounters: Readonly<Record<string, bigint>> = {};

  constructor(options: LiveOptions, matcher: MatcherPort) {
    this.#options = options;
    this.#matcher = matcher;
    this.#feeder = new BlockFeeder(matcher);
    this.#users = new UserFiles(options.hostRoot);
    this.#records = new InjectedRecords(matcher, options.isRecorded ?? false);
  }

  start(onState?: (blocks: Uint8Array<ArrayBuffer>) => void): void {
    const options = this.#options;
    checkPrerequisites();
    const probe = Probe.load({
      elf: readObjectFile(options.probePath),
      measuringElf: readObjectFile(options.preemptionPath),
      settings: {
        boot_epoch_ns: this.#bootNs,
        own_mark: crypto.getRandomValues(new BigUint64Array(1))[0]!,
        cpus_per_ring: BigInt(options.rings.cpusPerRing),
        wakeup_bytes: BigInt(Math.floor(options.ringPages[0]!.dataBytes / WAKEUP_SHARE)),
        wakeup_interval_ns: BigInt(WAKEUP_INTERVAL_MS) * 1_000_000n,
        snaplen: BigInt(options.snaplen),
        drop_failed: options.dropFailed ? 1n : 0n,
      },
      interest: this.#interestOf(options.needs),
      filterMode: options.filterMode,
      rings: options.rings,
      ringDataBytes: options.ringPages[0]!.dataBytes,
    });
    this.#probe = probe;
    const placed = probe.ringFds.map((fd, i) => ({
      fd,
      pages: options.ringPages[i]!,
      cpu: options.rings.ringCpus[i]!,
    }));
    this.#rings = openRings(this.#matcher, placed, options.copy);
    this.#epoll.add(options.wakerFd, WAKER_TAG, false);
    // edge-triggered: a ring that holds events younger than the horizon must not keep us awake
    probe.ringFds.forEach((fd, i) => this.#epoll.add(fd, i, true));
    probe.setOwn(ownTgid(options.hostRoot));
    probe.filter(options.needs.filter);
    probe.attach();
    this.#view = viewHost(options.hostRoot, probe.learnOwn());
    this.#seed(onState);
    this.#watchContainers();
  }

  #watchContainers(): void {
    const { containers } = this.#options;
    if (containers === undefined) return;
    const waitNs = BigInt(containers.waitMs) * NS_PER_MS;
    const startWaitNs = waitNs === 0n ? 0n : BigInt(Math.max(containers.waitMs, START_WAIT_MS)) * NS_PER_MS;
    if (this.#matcher.watch_containers(this.#nowNs(), waitNs, startWaitNs) === 0) {
      throw new Error("Cannot watch containers: no room in the matcher's heap");
    }
  }

  answer(question: ThreadQuestion): boolean {
    return this.#lookup?.answer(question) ?? true;
  }

  inject(blocks: Uint8Array<ArrayBuffer>): void {
    this.#records.take(blocks);
    this.#waitMs = 0; // what waited for it goes on at once
  }

  settle(id: string, what: "facts" | "users"): void {
    const bytes = encoder.encode(id);
    if (bytes.length > MAX_ID_BYTES) return;
    // between two turns nobody needs this region
    new Uint8Array(this.#matcher.memory.buffer).set(bytes, REGION.OUT.at);
    if (what === "facts") this.#matcher.unknown_container(REGION.OUT.at, bytes.length);
    else this.#matcher.read_container_users(REGION.OUT.at, bytes.length);
    this.#waitMs = 0;
  }

  #seed(onState: ((blocks: Uint8Array<ArrayBuffer>) => void) | undefined): void {
    this.#matcher.set_evaluating(0);
    for (const chunk of this.#scan()) {
      this.#feeder.feed(chunk);
      onState?.(chunk);
    }
    this.#matcher.set_evaluating(1);
    this.#matcher.state_listed(this.#nowNs());
    const { root } = this.#view;
    if (root === undefined) return;
    const answers = new BlockFeeder(this.#matcher, (at, bytes) => this.#matcher.look_up(at, bytes));
    this.#lookup = new ThreadLookup(root, this.#bootNs, (blocks) => answers.feed(blocks));
    this.#matcher.look_up_threads(1);
  }

  get hostProblem(): string | undefined {
    return this.#view.problem;
  }

  get filterProblem(): string | undefined {
    return this.#probe?.filterProblem;
  }

  #scan(): Iterable<Uint8Array<ArrayBuffer>> {
    return seedBlocks({
      hostRoot: this.#view.root,
      bootEpochNs: this.#bootNs + this.#clockShiftNs,
      users: this.#users.list,
    });
  }

  *state(): Generator<Uint8Array<ArrayBuffer>> {
    this.#pump(this.#nowNs() - HORIZON_SLACK_NS);
    yield* this.#scan();
    yield* this.#records.state();
  }

  turn(): boolean {
    const tags = this.#epoll.wait(this.#waitMs);
    if (tags.includes(WAKER_TAG)) drainEventfd(this.#options.wakerFd);
    this.#followClock();
    const nowNs = this.#nowNs();
    const events = this.#pump(nowNs - HORIZON_SLACK_NS);
    if (events >= MAX_EVENTS) this.#waitMs = 0;
    else this.#waitMs = events > 0 || tags.length > 0 ? MIN_WAIT_MS : nextWaitMs(this.#waitMs);
    if (this.#matcher.is_holding() !== 0) this.#waitMs = Math.min(this.#waitMs, HELD_WAIT_MS);
    if (nowNs - this.#usersCheckedNs > USERS_CHECK_NS) {
      this.#usersCheckedNs = nowNs;
      this.updateUsers(this.#users.refresh());
    }
    return true;
  }

  /** Events are shown with the time of day, also after somebody has set it. */
  #followClock(): void {
    const shiftNs = followBootEpoch(this.#bootNs + this.#clockShiftNs, CLOCK_TOLERANCE_NS) - this.#bootNs;
    if (shiftNs === this.#clockShiftNs) return;
    this.#clockShiftNs = shiftNs;
    this.#matcher.set_clock_shift(shiftNs);
  }

  /** Users of the host as of now; without a list nothing changes. */
  updateUsers(users: UserList | undefined): void {
    if (users !== undefined) this.#feeder.feed(userBlock(users));
  }

  widen(needs: RuleNeeds): (adopted: boolean) => void {
    return this.#probe?.widen(this.#interestOf(needs), needs.filter) ?? (() => {});
  }

  skip(untilNs: bigint): void {
    const now = this.#nowNs();
    const until = this.#bootNs + untilNs;
    this.#matcher.set_evaluating(0);
    // what is not evaluated need not wait for its container
    if (this.#options.containers !== undefined) this.#matcher.watch_containers(now, 0n, 0n);
    while (this.#pump(until < now ? until : now) >= MAX_EVENTS);
    this.#matcher.set_evaluating(1);
    this.#watchContainers();
  }

  finish(handsOver: boolean): bigint {
    const untilNs = boottimeNs();
    this.#probe?.detach();
    if (this.#options.containers !== undefined) this.#matcher.watch_containers(this.#nowNs(), 0n, 0n);
    // the probe of the successor was attached later, so it stamps the same event later: none falls between the two
    const horizonNs = handsOver ? this.#bootNs + untilNs : this.#nowNs() + BEYOND_NS;
    while (this.#pump(horizonNs) > 0);
    return untilNs;
  }

  counters(): Readonly<Record<string, bigint>> {
    if (this.#probe !== undefined) {
      this.#lastCounters = {
        ...this.#probe.counters(),
        drops_skipped: this.#probe.skipped(),
        ...this.#lookup?.counters(),
        injections_refused: BigInt(this.#records.refused),
        ...this.#probe.countersByCpu(),
        ...this.#probe.leftOut(),
      };
    }
    return this.#lastCounters;
  }

  close(): void {
    this.#probe?.detach();
    this.#rings?.close();
    this.#probe?.close();
    this.#epoll.close();
    this.#rings = undefined;
    this.#probe = undefined;
  }

  #interestOf(needs: RuleNeeds): Uint8Array<ArrayBuffer> {
    const { io, baseCalls } = this.#options;
    return interestTable({ ...needs, io, ...baseCalls === undefined ? {} : { baseCalls } });
  }

  /** The time as the probe stamps it: boot time moved by a fixed amount, so that it never jumps. */
  #nowNs(): bigint {
    return this.#bootNs + boottimeNs();
  }

  /** In portions, so that a flood cannot hold the thread for ever. */
  #pump(horizonNs: bigint): number {
    return this.#rings?.pump(horizonNs, MAX_EVENTS) ?? 0;
  }
}

function readObjectFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw objectFileError(path, error);
  }
}

function nextWaitMs(waitMs: number): number {
  // twice the interval in which events come without a wake-up has passed
  return waitMs >= MAX_WAIT_MS ? IDLE_WAIT_MS : Math.min(Math.max(waitMs, MIN_WAIT_MS) * 2, MAX_WAIT_MS);
}

/** Probably the number that the kernel knows this process by: Deno.pid is that of the innermost pid namespace. */
function ownTgid(hostRoot: string): bigint {
  const link = readLink(`${hostRoot}/proc/self`);
  const text = link === undefined ? "" : new TextDecoder().decode(link);
  return BigInt(/^\d+$/.test(text) ? text : Deno.pid);
}
