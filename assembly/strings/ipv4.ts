// IPv4 addresses that are texts. In: a view of one, as 10.0.2.15. Out: its four bytes as they are in a socket's address; 0 for
// any other text.

import { viewAt, viewBytes } from "./view";

// @ts-ignore: decorator
@inline const DOT: u8 = 0x2e;
// @ts-ignore: decorator
@inline const ZERO: u8 = 0x30;

export function ipv4OfText(text: u64): u32 {
  const at = viewAt(text), length = viewBytes(text);
  let address: u32 = 0, part: u32 = 0, digits: u32 = 0, parts: u32 = 0;
  for (let i: usize = 0; i < length; i++) {
    const char = load<u8>(at + i);
    if (char == DOT) {
      if (digits == 0 || parts == 3) return 0;
      address |= part << (parts << 3);
      parts++;
      part = 0;
      digits = 0;
      continue;
    }
    if (char < ZERO || char > ZERO + 9) return 0;
    part = part * 10 + (char - ZERO);
    digits++;
    if (part > 255) return 0;
  }
  return parts == 3 && digits > 0 ? address | part << 24 : 0;
}
