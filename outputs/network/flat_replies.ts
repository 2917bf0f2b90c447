// Watches what Redis sends before the library reads it: answers to what falco asks are single texts and numbers.
// In: chunks of a stream of RESP. Out: nothing, or an error at the first array, or at a text that is too long: the library
// makes room for as many elements as an array claims to have, level by level, before any of them is there.
// Elsewhere: who calls it (guard_sockets.ts).

import type { Screen } from "./guard_sockets.ts";

const LINE_FEED = 0x0a, MINUS = 0x2d, ZERO = 0x30, NINE = 0x39, BULK = 0x24;
/** simple text, error, number, text with its length */
const FLAT = [0x2b, 0x2d, 0x3a, BULK];
const END_OF_LINE_BYTES = 2;
/** The longest answer is that to a wrong setting. */
const MAX_REPLY_BYTES = 64 << 10;

export function flatReplies(): Screen {
  let type = 0;
  let lineBytes = 0;
  /** of a text with its length, −1 when there is none */
  let textBytes = 0;
  let skipBytes = 0;

  const header = (byte: number) => {
    if (lineBytes === 0) {
      if (!FLAT.includes(byte)) throw new Error("the receiver's answer is none to what was asked");
      type = byte;
      textBytes = 0;
    } else if (type === BULK && byte === MINUS) textBytes = -1;
    else if (type === BULK && textBytes >= 0 && byte >= ZERO && byte <= NINE) {
      textBytes = textBytes * 10 + byte - ZERO;
    }
    if (++lineBytes > MAX_REPLY_BYTES || textBytes > MAX_REPLY_BYTES) {
      throw new Error(`the receiver's answer is longer than ${MAX_REPLY_BYTES} bytes`);
    }
  };
  return (chunk) => {
    for (let at = 0; at < chunk.length;) {
      if (skipBytes > 0) {
        const skipped = Math.min(skipBytes, chunk.length - at);
        skipBytes -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at++]!;
      if (lineBytes === 0 || byte !== LINE_FEED) header(byte);
      else {
        lineBytes = 0;
        if (type === BULK && textBytes >= 0) skipBytes = textBytes + END_OF_LINE_BYTES;
      }
    }
  };
}
