import assert from "node:assert/strict";
import { readTrace } from "../../scap/reader.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { BLOCK } from "../../schema/wire.ts";
import { writeFdList } from "../../scap/fd_list.ts";
import { writeInterfaceList } from "../../scap/interface_list.ts";
import { writeProcessList } from "../../scap/process_list.ts";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";
import { writeUserList } from "../../scap/user_list.ts";
import {
  type Block,
  parseBlocks,
  parseFdList,
  parseInterfaceList,
  parseProcessList,
  parseUserList,
} from "./parse_blocks.ts";
import { RECORDING_NAMES, recordingPath } from "../support/recordings.ts";

async function readAll(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readTrace(path)) chunks.push(chunk.slice());
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** Writes what a block holds again, or nothing for blocks that scap/ does not write. */
function rewrite(block: Block): Uint8Array | undefined {
  const writer = new BlockWriter(4096);
  switch (block.type) {
    case BLOCK.SECTION_HEADER:
      writeSectionHeader(writer);
      break;
    case BLOCK.MACHINE_INFO: {
      const { body } = block;
      const [cpus, memoryBytes, maxPid] = [body.u32(), body.u64(), Number(body.u64())];
      const hostname = new TextDecoder().decode(body.raw(128)).replace(/\0.*$/, "");
      writeMachineInfo(writer, { cpus, memoryBytes, maxPid, hostname, bootEpochNs: body.u64() });
      break;
    }
    case BLOCK.INTERFACE_LIST_V2:
      writeInterfaceList(writer, parseInterfaceList(block));
      break;
    case BLOCK.USER_LIST_V2: {
      const { users, groups } = parseUserList(block);
      writeUserList(writer, users, groups);
      break;
    }
    case BLOCK.PROCESS_LIST_V9:
      writeProcessList(writer, parseProcessList(block));
      break;
    case BLOCK.FD_LIST_V2: {
      const { tid, fds } = parseFdList(block);
      writeFdList(writer, tid, fds);
      break;
    }
    default:
      return undefined;
  }
  return writer.take();
}

for (const name of RECORDING_NAMES) {
  Deno.test({
    name: `scap/ writes the lists of ${name}.scap byte for byte as Falco does`,
    async fn() {
      let compared = 0;
      for (const block of parseBlocks(await readAll(recordingPath(name)))) {
        const again = rewrite(block);
        if (again === undefined) continue;
        compared++;
        const type = block.type.toString(16);
        assert.deepEqual(again, block.bytes, `block ${type} at ${block.at}`);
      }
      assert.ok(compared >= 6);
    },
  });
}

Deno.test("writeProcessList() cuts a long list into blocks that are whole", () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const entry = {
    ...{ tid: 1, pid: 1, ptid: 0, sid: 1, vpgid: -1, pgid: -1, vtid: 1, vpid: 1 },
    ...{
      comm: bytes("a"),
      exe: bytes("a"),
      exepath: bytes("/a"),
      args: bytes("x\0"),
      env: new Uint8Array(4096),
    },
    ...{
      cwd: bytes("/"),
      root: bytes("/"),
      cgroups: bytes("cpu=/\0"),
      fdlimit: -1n,
      flags: 0,
      uid: 0,
      gid: 0,
    },
    ...{ loginuid: 0xffff_ffff, tty: 0, vmsizeKb: 0, vmrssKb: 0, vmswapKb: 0 },
    ...{ pageFaultsMajor: 0n, pageFaultsMinor: 0n, capInheritable: 0n, capPermitted: 0n },
    ...{
      capEffective: 0xffff_ffff_ffff_ffffn,
      pidnsInitStartNs: 0n,
      exeWritable: true,
      exeUpperLayer: false,
    },
    ...{ exeLowerLayer: true, exeFromMemfd: false, exeIno: 5n, exeInoCtimeNs: 6n, exeInoMtimeNs: 7n },
  };
  const writer = new BlockWriter(16);
  const threads = Array.from({ length: 1000 }, (_, i) => ({ ...entry, tid: i + 1 }));
  writeProcessList(writer, threads);
  const blocks = parseBlocks(writer.take());
  assert.ok(blocks.length > 1);
  assert.deepEqual(blocks.flatMap(parseProcessList), threads);
});

Deno.test("BlockWriter.string() cuts what a u16 cannot count", () => {
  const writer = new BlockWriter();
  writer.string(new Uint8Array(70000).fill(65));
  const bytes = writer.take();
  assert.equal(bytes.length, 2 + 65535);
});
