import assert from "node:assert/strict";
import { BlockWriter } from "../../scap/block_writer.ts";
import { FD_TYPE } from "../../schema/wire.ts";
import { type FdEntry, writeFdList } from "../../scap/fd_list.ts";
import { makeFdTypesPortable } from "../../scap/portable_fd_types.ts";
import { writeSectionHeader } from "../../scap/section.ts";

const name = new TextEncoder().encode("anon_inode:x");

function blocks(types: readonly number[]): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  const entries = types.map((type, fd): FdEntry => ({ fd, ino: 1n, target: { kind: "named", type, name } }));
  writeFdList(writer, 1, entries);
  writeFdList(writer, 2, []);
  writeFdList(writer, 3, entries);
  return writer.take();
}

Deno.test("makeFdTypesPortable() turns what older readers refuse into `unsupported`, and nothing else", () => {
  const { FIFO, EVENT, NETLINK, BPF, MEMFD, PIDFD, UNSUPPORTED } = FD_TYPE;
  const made = blocks([FIFO, BPF, EVENT, MEMFD, PIDFD, NETLINK]);
  makeFdTypesPortable(made);
  assert.deepEqual(made, blocks([FIFO, UNSUPPORTED, EVENT, UNSUPPORTED, UNSUPPORTED, NETLINK]));
});

Deno.test("writeFdList() cuts names that readers refuse, and very many files into several blocks", () => {
  const writer = new BlockWriter();
  const long = new Uint8Array(4000).fill(65);
  const entries = Array.from({ length: 3000 }, (_, fd): FdEntry => ({
    fd,
    ino: 1n,
    target: { kind: "file", openFlags: 0, dev: 0, name: long },
  }));
  writeFdList(writer, 7, entries);
  const bytes = writer.take();
  const view = new DataView(bytes.buffer);
  let count = 0;
  for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) {
    const total = view.getUint32(at + 4, true);
    assert.ok(total < 2 << 20);
    assert.equal(view.getBigInt64(at + 8, true), 7n);
    for (let entry = at + 16; entry + 4 < at + total - 4; entry += view.getUint32(entry, true)) {
      if (view.getUint32(entry, true) === 0) break;
      assert.equal(view.getUint16(entry + 25, true), 1023);
      count++;
    }
  }
  assert.equal(count, 3000);
});
