// A ring buffer as the kernel would write it, in a file that can be mapped like one.
//
//   page 0 consumer position · page 1 producer position · data, and the same data again, because nobody maps them twice
//
// In: records, committed at once or later. Out: a file descriptor for ffi/.

import { closeFd, cString, libc } from "../../ffi/libc.ts";

const PAGE = 4096;
const O_RDWR = 2;
const BUSY = 0x8000_0000;
const DISCARD = 0x4000_0000;

export class SyntheticRing {
  readonly fd: number;
  readonly #file: Deno.FsFile;
  readonly #dataBytes: number;
  readonly #open: { at: number; length: number }[] = [];
  #produced = 0;

  constructor(dataBytes: number) {
    const path = Deno.makeTempFileSync();
    this.#dataBytes = dataBytes;
    this.#file = Deno.openSync(path, { read: true, write: true });
    this.#file.truncateSync(2 * PAGE + 2 * dataBytes);
    this.fd = libc().open(cString(path), O_RDWR);
    Deno.removeSync(path);
  }

  get consumed(): number {
    const bytes = new Uint8Array(8);
    this.#file.seekSync(0, Deno.SeekMode.Start);
    this.#file.readSync(bytes);
    return Number(new DataView(bytes.buffer).getBigUint64(0, true));
  }

  get produced(): number {
    return this.#produced;
  }

  /** False when the ring is full. A busy record is committed by `release`. */
  write(event: Uint8Array, state: "commit" | "discard" | "busy"): boolean {
    const step = (8 + event.length + 7) & ~7;
    if (this.#produced + step - this.consumed > this.#dataBytes) return false;
    const record = new Uint8Array(step);
    const header = state === "busy" ? BUSY : state === "discard" ? DISCARD : 0;
    new DataView(record.buffer).setUint32(0, (event.length | header) >>> 0, true);
    record.set(event, 8);
    const at = this.#produced;
    this.#store(at, record);
    if (state === "busy") this.#open.push({ at, length: event.length });
    this.#produced += step;
    this.#put(PAGE, new Uint8Array(new BigUint64Array([BigInt(this.#produced)]).buffer));
    return true;
  }

  /** Commits or discards the record that has been busy for longest; false when there is none. */
  release(discard: boolean): boolean {
    const open = this.#open.shift();
    if (open === undefined) return false;
    const header = new Uint8Array(4);
    new DataView(header.buffer).setUint32(0, (open.length | (discard ? DISCARD : 0)) >>> 0, true);
    this.#store(open.at, header);
    return true;
  }

  close(): void {
    this.#file.close();
    closeFd(this.fd);
  }

  /** Every byte of the data is there twice. */
  #store(position: number, bytes: Uint8Array): void {
    const size = this.#dataBytes;
    const at = position % size;
    const head = bytes.subarray(0, size - at);
    this.#put(2 * PAGE + at, bytes);
    if (at + size + head.length <= 2 * size) this.#put(2 * PAGE + size + at, head);
    if (head.length < bytes.length) this.#put(2 * PAGE, bytes.subarray(head.length));
  }

  #put(offset: number, bytes: Uint8Array): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += this.#file.writeSync(bytes.subarray(done));
  }
}
