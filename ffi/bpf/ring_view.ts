// A BPF ring buffer mapped outside of the WebAssembly memory, for the mode that copies its records first.
// In: the ring's file descriptor. Out: positions, and copies of the bytes between them.
// Elsewhere: mapping a ring inside the memory (ring_pages.ts), when to copy (sources/live/ring_set.ts).

import { callError, errno, libc } from "../libc.ts";

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

export class RingView {
  readonly dataBytes: number;
  readonly #pageBytes: number;
  readonly #consumerPage: Deno.PointerObject;
  readonly #producerPages: Deno.PointerObject;
  readonly #consumed: BigUint64Array;
  readonly #produced: BigUint64Array;
  readonly #dataAt: bigint;

  constructor(fd: number, dataBytes: number, pageBytes: number) {
    this.dataBytes = dataBytes;
    this.#pageBytes = pageBytes;
    this.#consumerPage = map(pageBytes, PROT_READ | PROT_WRITE, fd, 0);
    this.#producerPages = map(pageBytes + dataBytes, PROT_READ, fd, pageBytes);
    this.#consumed = position(this.#consumerPage);
    this.#produced = position(this.#producerPages);
    this.#dataAt = BigInt(Deno.UnsafePointer.value(this.#producerPages)) + BigInt(pageBytes);
  }

  get consumed(): bigint {
    return Atomics.load(this.#consumed, 0);
  }

  /** Frees everything before it for the kernel. */
  set consumed(position: bigint) {
    Atomics.store(this.#consumed, 0, position);
  }

  get produced(): bigint {
    return Atomics.load(this.#produced, 0);
  }

  /** Copies bytes of the data to an address of this process. */
  copy(from: number, bytes: number, to: bigint): void {
    if (from < 0 || bytes < 0 || from + bytes > this.dataBytes) {
      throw new RangeError(`Cannot copy ${bytes} bytes at ${from} of a ring of ${this.dataBytes} bytes`);
    }
    libc().memcpy(
      Deno.UnsafePointer.create(to),
      Deno.UnsafePointer.create(this.#dataAt + BigInt(from)),
      BigInt(bytes),
    );
  }

  close(): void {
    libc().munmap(this.#consumerPage, BigInt(this.#pageBytes));
    libc().munmap(this.#producerPages, BigInt(this.#pageBytes + this.dataBytes));
  }
}

function map(bytes: number, protection: number, fd: number, offset: number): Deno.PointerObject {
  const at = libc().mmap(null, BigInt(bytes), protection, MAP_SHARED, fd, BigInt(offset));
  const failure = errno();
  if (at === null || BigInt(Deno.UnsafePointer.value(at)) === MAP_FAILED) {
    throw callError("mmap of a ring", failure);
  }
  return at;
}

function position(page: Deno.PointerObject): BigUint64Array {
  return new BigUint64Array(Deno.UnsafePointerView.getArrayBuffer(page, 8));
}
