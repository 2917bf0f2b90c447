// The probe's rings as the matcher sees them: mapped into its memory, or copied there before each pump.
// In: file descriptors of the rings and where they shall lie. Out: `pump`. Both ways use the same layout and the same
// walk of the matcher; the copying one is the fallback and the test of the other.
//
// Copied, a ring's data lie in ordinary memory, where nobody maps their beginning once more: of a stretch that wraps
// around, the beginning is written after the end, too, so that each record is whole wherever the matcher looks for it.
//
// Elsewhere: the pages themselves (ffi/bpf/ring_pages.ts, ffi/bpf/ring_view.ts), the walk (assembly/ring.ts).

import { RingMapper, type RingPages, RingView } from "../../ffi/bpf/mod.ts";
import { PAGE_BYTES } from "../../schema/mod.ts";
import type { MatcherPort } from "../matcher_port.ts";

export interface RingSet {
  pump(horizonNs: bigint, maxEvents: number): number;
  /** Takes the rings out of the matcher and of its memory. */
  close(): void;
}

/** A ring of the probe and its place in the matcher's memory. */
export interface PlacedRing {
  readonly fd: number;
  readonly pages: RingPages;
  /** the CPU that writes to it, −1 when several do */
  readonly cpu: number;
}

export function openRings(matcher: MatcherPort, rings: readonly PlacedRing[], copy: boolean): RingSet {
  return copy ? new CopiedRings(matcher, rings) : new MappedRings(matcher, rings);
}

function register(matcher: MatcherPort, { pages, cpu }: PlacedRing): void {
  if (matcher.ring_add(pages.at, pages.dataBytes, cpu) < 0) {
    throw new Error(`Cannot add a ring of ${pages.dataBytes} bytes at ${pages.at}: the matcher refused it`);
  }
}

class MappedRings implements RingSet {
  readonly #matcher: MatcherPort;
  readonly #mapper: RingMapper;
  readonly #mapped: RingPages[] = [];

  constructor(matcher: MatcherPort, rings: readonly PlacedRing[]) {
    this.#matcher = matcher;
    this.#mapper = new RingMapper(matcher.memory, PAGE_BYTES);
    try {
      for (const ring of rings) {
        this.#mapped.push(ring.pages);
        this.#mapper.map(ring.pages, ring.fd);
        register(matcher, ring);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  pump(horizonNs: bigint, maxEvents: number): number {
    return this.#matcher.pump(horizonNs, maxEvents);
  }

  close(): void {
    this.#matcher.rings_clear();
    for (const pages of this.#mapped.splice(0)) this.#mapper.unmap(pages);
  }
}

/** The copy of one ring inside the matcher's memory. */
class RingImage {
  readonly #view: RingView;
  readonly #consumed: BigUint64Array;
  readonly #produced: BigUint64Array;
  readonly #dataAt: bigint;
  readonly #wrapBytes: number;

  constructor(memory: WebAssembly.Memory, ring: PlacedRing) {
    const { at, dataBytes, wrapBytes } = ring.pages;
    this.#wrapBytes = wrapBytes;
    this.#view = new RingView(ring.fd, dataBytes, PAGE_BYTES);
    this.#consumed = new BigUint64Array(memory.buffer, at, 1);
    this.#produced = new BigUint64Array(memory.buffer, at + PAGE_BYTES, 1);
    const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(new Uint8Array(memory.buffer)));
    this.#dataAt = BigInt(base) + BigInt(at + 2 * PAGE_BYTES);
    this.#consumed[0] = this.#view.consumed;
    this.#produced[0] = this.#view.consumed;
  }

  refresh(): void {
    const size = this.#view.dataBytes;
    const produced = this.#view.produced;
    const from = Number(this.#consumed[0]! % BigInt(size));
    const end = from + Number(produced - this.#consumed[0]!);
    this.#view.copy(from, Math.min(end, size) - from, this.#dataAt + BigInt(from));
    if (end > size) {
      this.#view.copy(0, end - size, this.#dataAt);
      this.#view.copy(0, Math.min(end - size, this.#wrapBytes), this.#dataAt + BigInt(size));
    }
    this.#produced[0] = produced;
  }

  giveBack(): void {
    this.#view.consumed = this.#consumed[0]!;
  }

  close(): void {
    this.#view.close();
  }
}

class CopiedRings implements RingSet {
  readonly #matcher: MatcherPort;
  readonly #images: RingImage[] = [];

  constructor(matcher: MatcherPort, rings: readonly PlacedRing[]) {
    this.#matcher = matcher;
    try {
      for (const ring of rings) {
        this.#images.push(new RingImage(matcher.memory, ring));
        register(matcher, ring);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  pump(horizonNs: bigint, maxEvents: number): number {
    for (const image of this.#images) image.refresh();
    const events = this.#matcher.pump(horizonNs, maxEvents);
    for (const image of this.#images) image.giveBack();
    return events;
  }

  close(): void {
    this.#matcher.rings_clear();
    for (const image of this.#images.splice(0)) image.close();
  }
}
