import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { BlockWriter } from "../../scap/block_writer.ts";
import { PlainTrace, readTrace, TraceError } from "../../scap/reader.ts";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";

function trace(): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  for (let i = 0; i < 5000; i++) {
    writeMachineInfo(writer, { cpus: i, memoryBytes: 1n, maxPid: 2, hostname: `host${i}`, bootEpochNs: 3n });
  }
  return writer.take();
}

async function read(content: Uint8Array): Promise<{ bytes: Uint8Array; error?: unknown }> {
  const path = Deno.makeTempFileSync({ suffix: ".scap" });
  Deno.writeFileSync(path, content);
  const chunks: Uint8Array[] = [];
  let error: unknown;
  try {
    for await (const chunk of readTrace(path)) chunks.push(chunk.slice());
  } catch (thrown) {
    error = thrown;
  } finally {
    Deno.removeSync(path);
  }
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return error === undefined ? { bytes } : { bytes, error };
}

function assertTraceError(error: unknown, reason: RegExp, offset: number): void {
  assert.ok(error instanceof TraceError, String(error));
  assert.match(error.message, reason);
  assert.equal(error.offset, offset);
}

Deno.test("readTrace() reads a plain file", async () => {
  const { bytes, error } = await read(trace());
  assert.equal(error, undefined);
  assert.deepEqual(bytes, trace());
});

Deno.test("readTrace() reads a gzip file of several members", async () => {
  const whole = trace();
  const members = [whole.subarray(0, 5), whole.subarray(5, 100_001), whole.subarray(100_001)].map((part) =>
    gzipSync(part)
  );
  const { bytes, error } = await read(Buffer.concat(members));
  assert.equal(error, undefined);
  assert.deepEqual(bytes, whole);
});

Deno.test("readTrace() gives what a truncated gzip file holds, then says that it is truncated", async () => {
  const compressed = gzipSync(trace());
  const { bytes, error } = await read(compressed.subarray(0, compressed.length - 2000));
  assert.ok(bytes.length > 0);
  assert.deepEqual(bytes, trace().subarray(0, bytes.length));
  assertTraceError(error, /truncated/, bytes.length);
});

Deno.test("readTrace() says that compressed data are damaged", async () => {
  const compressed = new Uint8Array(gzipSync(trace()));
  compressed.fill(0xff, compressed.length >> 1, (compressed.length >> 1) + 200);
  const { error } = await read(compressed);
  assert.ok(error instanceof TraceError);
  assert.match(error.message, /damaged/);
});

Deno.test("readTrace() refuses what is no trace", async () => {
  assertTraceError((await read(new Uint8Array(0))).error, /empty/, 0);
  assertTraceError(
    (await read(new TextEncoder().encode("- rule: something else"))).error,
    /no \.scap file/,
    0,
  );
  assertTraceError((await read(trace().subarray(0, 9))).error, /ends within its header/, 9);
  const foreign = trace();
  foreign.set([0x1a, 0x2b, 0x3c, 0x4d], 8);
  assertTraceError((await read(foreign)).error, /big-endian/, 8);
  const future = trace();
  future[12] = 9;
  assertTraceError((await read(future)).error, /version 9/, 12);
});

Deno.test("readTrace() names a file that does not exist", async () => {
  const chunks = readTrace("/nonexistent/trace.scap");
  await assert.rejects(() => chunks.next(), /\/nonexistent\/trace\.scap": no such file/);
});

Deno.test("PlainTrace puts a plain file's bytes where they are wanted", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/plain.scap`;
    Deno.writeFileSync(path, trace());
    const progress = { readBytes: 0, fileBytes: 0 };
    const plain = PlainTrace.open(path, progress)!;
    const found = new Uint8Array(trace().length + 10);
    let at = 0;
    for (let bytes = -1; bytes !== 0; at += bytes) bytes = plain.readInto(found.subarray(at, at + 7));
    plain.close();
    assert.deepEqual(found.subarray(0, at), trace());
    assert.deepEqual(progress, { readBytes: at, fileBytes: at });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("PlainTrace leaves what is compressed, damaged, short or missing to readTrace", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const progress = { readBytes: 0, fileBytes: 0 };
    const files = { zipped: gzipSync(trace()), short: trace().subarray(0, 9), other: new Uint8Array(99) };
    for (const [name, bytes] of Object.entries(files)) {
      Deno.writeFileSync(`${folder}/${name}`, bytes);
      assert.equal(PlainTrace.open(`${folder}/${name}`, progress), undefined, name);
    }
    assert.equal(PlainTrace.open(`${folder}/missing`, progress), undefined);
    assert.equal(PlainTrace.open(folder, progress), undefined);
    assert.deepEqual(progress, { readBytes: 0, fileBytes: 0 });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
