// Growing byte buffer with the integer encodings of the WebAssembly binary format (LEB128) and the plain
// little-endian ones that the rule constants use.

/** Appends; hands out the bytes at the end. */
export class ByteWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #room(bytes: number): number {
    const at = this.#length;
    const needed = at + bytes;
    if (needed > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#length = needed;
    return at;
  }

  u8(value: number): void {
    const at = this.#room(1);
    this.#buffer[at] = value;
  }

  /** fixed width, little endian */
  u16(value: number): void {
    this.u8(value & 0xff);
    this.u8(value >>> 8);
  }

  /** fixed width, little endian */
  u32(value: number): void {
    this.u16(value & 0xffff);
    this.u16(value >>> 16);
  }

  /** fixed width, little endian; negative values in two's complement */
  u64(value: bigint): void {
    this.u32(Number(BigInt.asUintN(32, value)));
    this.u32(Number(BigInt.asUintN(32, value >> 32n)));
  }

  /** unsigned LEB128 of a u32 */
  uleb(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.u8(rest);
  }

  /** signed LEB128 of an i32 */
  sleb(value: number): void {
    let rest = value | 0;
    while (rest < -0x40 || rest > 0x3f) {
      this.u8((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.u8(rest & 0x7f);
  }

  /** signed LEB128 of an i64; the value is taken modulo 2^64 */
  sleb64(value: bigint): void {
    let rest = BigInt.asIntN(64, value);
    while (rest < -0x40n || rest > 0x3fn) {
      this.u8(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.u8(Number(rest & 0x7fn));
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** length-prefixed UTF-8 */
  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.uleb(bytes.length);
    this.bytes(bytes);
  }

  /** zeros up to the next multiple of `bytes` */
  align(bytes: number): void {
    while (this.#length % bytes !== 0) this.u8(0);
  }

  /** overwrites what was written before */
  patchU32(at: number, value: number): void {
    new DataView(this.#buffer.buffer).setUint32(at, value, true);
  }

  take(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}
