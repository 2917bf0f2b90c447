// Makes the fd lists of a recording readable for older programs: sysdig 0.29 gives up on a file with an fd type that it
// does not know, although the length of the entry would let it skip it.
// In: whole blocks, changed in place. Out: the newer types have become "unsupported", which differs from them in nothing
// but fd.type of files that were open before the recording began.
// Elsewhere: writing the lists (fd_list.ts).

import { BLOCK_HEADER_BYTES, BLOCK_TRAILER_BYTES } from "./blocks.ts";
import { BLOCK, FD_TYPE } from "../schema/mod.ts";

/** entry: u32 length, i64 fd, u64 ino, u8 type */
const TYPE_AT = 20;
const TID_BYTES = 8;

export function makeFdTypesPortable(blocks: Uint8Array): void {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let at = 0; at + BLOCK_HEADER_BYTES <= blocks.length;) {
    const total = view.getUint32(at + 4, true);
    if (view.getUint32(at, true) === BLOCK.FD_LIST_V2) {
      const end = at + total - BLOCK_TRAILER_BYTES;
      for (let entry = at + BLOCK_HEADER_BYTES + TID_BYTES; entry + TYPE_AT < end;) {
        const bytes = view.getUint32(entry, true);
        if (bytes === 0) break; // padding
        if (blocks[entry + TYPE_AT]! > FD_TYPE.FILE_V2) blocks[entry + TYPE_AT] = FD_TYPE.UNSUPPORTED;
        entry += bytes;
      }
    }
    at += total;
  }
}
