// Bodies in chunks: whole, without an allocation for each chunk, given up early; buffers that are given back at once.

import assert from "node:assert/strict";
import { bodyChunks } from "../../base/body_chunks.ts";
import { ByteCollector } from "../../base/byte_collector.ts";

const CHUNKS = 3000;

async function withServer(
  write: (send: (text: string) => Promise<void>) => Promise<void>,
  act: (url: string) => Promise<void>,
): Promise<void> {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    using connection = await listener.accept();
    await connection.read(new Uint8Array(4096));
    const send = async (text: string) => {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    };
    await send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    await write(send);
  })();
  await act(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`);
  await served;
}

Deno.test("a body that comes in thousands of chunks is whole, and takes one buffer", async () => {
  const write = async (send: (text: string) => Promise<void>) => {
    for (let i = 0; i < CHUNKS; i++) {
      await send("1\r\nx\r\n");
      // so that chunks are not joined on their way
      if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve));
    }
    await send("0\r\n\r\n");
  };
  await withServer(write, async (url) => {
    const before = Deno.memoryUsage().external;
    let most = 0, bytes = 0;
    for await (const chunk of bodyChunks(await fetch(url))) {
      bytes += chunk.length;
      most = Math.max(most, Deno.memoryUsage().external - before);
    }
    assert.equal(bytes, CHUNKS);
    // 64 KiB for each chunk would be 190 MB, of which tens wait to be collected
    assert.ok(most < 4 << 20, `${most} bytes`);
  });
});

Deno.test("anyone who leaves the chunks early gives the connection up", async () => {
  const write = async (send: (text: string) => Promise<void>) => {
    await assert.rejects(async () => {
      for (;;) await send(`10000\r\n${"x".repeat(0x10000)}\r\n`);
    });
  };
  await withServer(write, async (url) => {
    for await (const chunk of bodyChunks(await fetch(url))) {
      assert.ok(chunk.length > 0);
      break;
    }
  });
});

Deno.test("a collector's buffers are given back when they have become too small and when it is disposed of", () => {
  let bytes: Uint8Array;
  {
    using all = new ByteCollector(1 << 20);
    for (let i = 0; i < 1000; i++) assert.ok(all.add(Uint8Array.of(i, i >> 8, 7)));
    assert.ok(all.add(new Uint8Array(1 << 19)));
    assert.ok(!all.add(new Uint8Array(1 << 20)), "too much");
    bytes = all.take();
    assert.equal(bytes.length, 3000 + (1 << 19));
    assert.deepEqual([...bytes.subarray(1500, 1503)], [500 & 255, 500 >> 8, 7]);
    assert.ok(all.add(Uint8Array.of(1)));
    assert.deepEqual([...all.take()], [1]);
  }
  assert.equal(bytes.length, 0);
});
