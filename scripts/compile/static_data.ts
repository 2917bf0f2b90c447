// Reads from a compiled module how far its static data reaches.
// In: a WebAssembly binary. Out: the address after the last byte of its active data segments.
// Elsewhere: the limit that this is held against (scripts/compile/matcher.ts).

const DATA_SECTION = 11;
const I32_CONST = 0x41;

export function staticDataEnd(binary: Uint8Array): number {
  let at = 8; // magic and version
  const byte = () => {
    const value = binary[at++];
    if (value === undefined) throw new Error("the WebAssembly binary ends in the middle of a section");
    return value;
  };
  const leb = () => {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const next = byte();
      value += (next & 0x7f) * 2 ** shift;
      if (next < 0x80) return value;
    }
  };
  let end = 0;
  while (at < binary.length) {
    const section = byte();
    const sectionEnd = leb() + at;
    if (section === DATA_SECTION) {
      for (let count = leb(); count > 0; count--) {
        const flags = leb();
        if (flags === 2) leb(); // index of the memory
        let address = 0;
        if (flags !== 1) { // 1 is passive: it has no address
          if (byte() !== I32_CONST) throw new Error("a data segment's address is not a constant");
          address = leb(); // signed; addresses here are far below 2^31, where both readings agree
          byte(); // end of the expression
        }
        const bytes = leb();
        if (flags !== 1) end = Math.max(end, address + bytes);
        at += bytes;
      }
    }
    at = sectionEnd;
  }
  return end;
}
