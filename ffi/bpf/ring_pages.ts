// The pages of BPF ring buffers mapped over a range of a WebAssembly memory, so that the matcher reads in place what
// the kernel writes.
//
//   at            consumer page   readable and writable: the position up to which records were consumed
//   at + 1 page   producer page   read-only: the position up to which the kernel has reserved
//   at + 2 pages  data, and their beginning once more, read-only: a record never wraps
//
// The kernel offers all of the data twice in a row. What is mapped counts as resident at once, each page as often as it
// is mapped, so no more of the second half is taken than the longest record needs.
//
// A store into the read-only pages is no WebAssembly trap: it ends the process with SIGSEGV. So rings are above all that
// the matcher writes, and one small file of it touches them (assembly/ring.ts).
// The memory must not move: shared, with initial == maximum. WebAssembly gives no address for memory it does not own,
// hence MAP_FIXED over its own pages; unmapping puts anonymous pages back, so that no hole stays inside the memory.

import { callError, errno, libc } from "../libc.ts";

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_PRIVATE = 2;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

export interface RingPages {
  /** offset in the memory; page aligned */
  readonly at: number;
  readonly dataBytes: number;
  /** of the data's beginning, that follow its end once more; page aligned, at most `dataBytes` */
  readonly wrapBytes: number;
}

/** Bytes of memory that a ring takes. */
export function ringSpanBytes({ dataBytes, wrapBytes }: RingPages, pageBytes: number): number {
  return 2 * pageBytes + dataBytes + wrapBytes;
}

export class RingMapper {
  readonly #base: bigint;
  readonly #memoryBytes: number;
  readonly #pageBytes: number;

  constructor(memory: WebAssembly.Memory, pageBytes: number) {
    const bytes = new Uint8Array(memory.buffer);
    this.#base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
    this.#memoryBytes = bytes.byteLength;
    this.#pageBytes = pageBytes;
  }

  /** Maps the ring of file descriptor `fd`. */
  map(ring: RingPages, fd: number): void {
    this.#check(ring);
    const page = this.#pageBytes;
    const shared = MAP_SHARED | MAP_FIXED;
    this.#mmap(ring.at, page, PROT_READ | PROT_WRITE, shared, fd, 0);
    this.#mmap(ring.at + page, ringSpanBytes(ring, page) - page, PROT_READ, shared, fd, page);
  }

  /** Puts anonymous, zeroed memory in the place of the ring's pages. */
  unmap(ring: RingPages): void {
    this.#check(ring);
    const bytes = ringSpanBytes(ring, this.#pageBytes);
    this.#mmap(ring.at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS, -1, 0);
  }

  /** MAP_FIXED replaces whatever is there, so nothing outside of the memory may be named. */
  #check(ring: RingPages): void {
    const end = ring.at + ringSpanBytes(ring, this.#pageBytes);
    if (ring.at % this.#pageBytes !== 0 || ring.at < 0 || end > this.#memoryBytes) {
      throw new RangeError(
        `Cannot map ring pages at ${ring.at}…${end}: memory has ${this.#memoryBytes} bytes`,
      );
    }
  }

  #mmap(at: number, bytes: number, protection: number, flags: number, fd: number, offset: number): void {
    const address = Deno.UnsafePointer.create(this.#base + BigInt(at));
    const result = libc().mmap(address, BigInt(bytes), protection, flags, fd, BigInt(offset));
    const failure = errno();
    if (BigInt(Deno.UnsafePointer.value(result)) === MAP_FAILED) {
      throw callError("mmap of ring pages", failure);
    }
  }
}
