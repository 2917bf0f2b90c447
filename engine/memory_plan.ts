// How large the matcher's memory is and what lies where above its fixed regions: the heap, then the rings.
// In: sizes. Out: offsets. Elsewhere: the fixed regions and the picture of it all (schema/layout.ts).

import { HEAP_AT, PAGE_BYTES, RING_WRAP_BYTES, WASM_PAGE_BYTES } from "../schema/mod.ts";

export interface RingPlace {
  readonly at: number;
  readonly dataBytes: number;
  /** of the data's beginning, that follow its end once more */
  readonly wrapBytes: number;
}

export interface MemoryPlan {
  readonly heapEnd: number;
  readonly rings: readonly RingPlace[];
  /** initial and maximum size: the memory must never move, because pages are mapped into it */
  readonly wasmPages: number;
}

/** What a 32-bit module can address; the last page is left out, so that no end of a region becomes 0. */
const MAX_BYTES = 2 ** 32 - WASM_PAGE_BYTES;

/** @throws Error when the parts do not fit, or the kernel would not make such rings */
export function planMemory(heapBytes: number, ringCount: number, ringDataBytes: number): MemoryPlan {
  if (ringCount > 0 && (ringDataBytes < PAGE_BYTES || !Number.isInteger(Math.log2(ringDataBytes)))) {
    throw new Error(
      `Cannot make rings of ${ringDataBytes} bytes: expected a power of two, at least ${PAGE_BYTES} ` +
        "(engine.modern_ebpf.buf_size_preset)",
    );
  }
  const heapEnd = roundUp(HEAP_AT + heapBytes, WASM_PAGE_BYTES);
  const spanBytes = ringSpan(ringDataBytes);
  const rings: RingPlace[] = [];
  for (let i = 0; i < ringCount; i++) {
    rings.push({
      at: heapEnd + i * spanBytes,
      dataBytes: ringDataBytes,
      wrapBytes: ringWrap(ringDataBytes),
    });
  }
  const bytes = roundUp(heapEnd + ringCount * spanBytes, WASM_PAGE_BYTES);
  if (bytes > MAX_BYTES) {
    throw new Error(
      `Cannot lay out the matcher's memory: ${mebibytes(heapBytes)} of heap and ${ringCount} rings of ` +
        `${mebibytes(ringDataBytes)} are more than 4 GiB: ` +
        "make the rings smaller (engine.modern_ebpf.buf_size_preset) or let more CPUs share one " +
        "(engine.modern_ebpf.cpus_for_each_buffer)",
    );
  }
  return { heapEnd, rings, wasmPages: bytes / WASM_PAGE_BYTES };
}

/** Whether rings of this number and size find room besides the heap. */
export function fitsMemory(heapBytes: number, ringCount: number, ringDataBytes: number): boolean {
  return HEAP_AT + heapBytes + WASM_PAGE_BYTES + ringCount * ringSpan(ringDataBytes) <=
    MAX_BYTES - WASM_PAGE_BYTES;
}

/** Consumer page, producer page, the data, and their beginning once more. */
function ringSpan(dataBytes: number): number {
  return 2 * PAGE_BYTES + dataBytes + ringWrap(dataBytes);
}

function ringWrap(dataBytes: number): number {
  return Math.min(dataBytes, RING_WRAP_BYTES);
}

export function createMemory(plan: MemoryPlan): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: plan.wasmPages, maximum: plan.wasmPages, shared: true });
  } catch (error) {
    throw new Error(
      `Cannot reserve ${
        plan.wasmPages >> 4
      } MiB of address space for the matcher: raise the limit of virtual memory ` +
        "(ulimit -v unlimited) or make heap and rings smaller",
      { cause: error },
    );
  }
}

function roundUp(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
