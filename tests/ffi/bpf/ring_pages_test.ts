import assert from "node:assert/strict";
import { mapFd } from "../../../ffi/bpf/bpf_map.ts";
import { BpfObject } from "../../../ffi/bpf/bpf_object.ts";
import { Epoll } from "../../../ffi/epoll.ts";
import { RingMapper, ringSpanBytes } from "../../../ffi/bpf/ring_pages.ts";
import { RingView } from "../../../ffi/bpf/ring_view.ts";
import { buildRingObject, liveSkipReason, RING_BYTES } from "../ring_object.ts";

const PAGE = 4096;
const GETPPID = 110n;
const skip = liveSkipReason();

function openObject(): BpfObject {
  const object = new BpfObject(buildRingObject());
  object.setInitialValue(
    ".rodata.settings",
    new Uint8Array(new BigUint64Array([BigInt(Deno.pid), GETPPID]).buffer),
  );
  object.load();
  for (const { name } of object.programs()) object.attach(name);
  return object;
}

function callGetppid(times: number): void {
  const library = Deno.dlopen("libc.so.6", { getppid: { parameters: [], result: "i32" } });
  for (let i = 0; i < times; i++) library.symbols.getppid();
  library.close();
}

Deno.test({
  name: `ring pages mapped into WebAssembly memory show what the kernel wrote${
    skip ? ` (skipped: ${skip})` : ""
  }`,
  ignore: skip !== undefined,
  fn() {
    const object = openObject();
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
    const at = 1 << 20;
    const pages = { at, dataBytes: RING_BYTES, wrapBytes: PAGE };
    const mapper = new RingMapper(memory, PAGE);
    try {
      const fd = mapFd(object.map("ring"));
      mapper.map(pages, fd);
      callGetppid(5);
      const positions = new BigUint64Array(memory.buffer);
      const produced = positions[(at + PAGE) / 8]!;
      assert.equal(produced, 5n * 40n); // 8 bytes of record header and 26 of data, rounded up
      const view = new DataView(memory.buffer, at + 2 * PAGE);
      assert.equal(view.getUint32(0, true), 26);
      assert.equal(view.getUint16(8 + 20, true), 41);
      // their beginning follows the data
      assert.equal(new DataView(memory.buffer, at + 2 * PAGE + RING_BYTES).getUint32(0, true), 26);

      const outside = new RingView(fd, RING_BYTES, PAGE);
      assert.equal(outside.produced, produced);
      positions[at / 8] = produced;
      assert.equal(outside.consumed, produced, "the consumer position reaches the kernel's page");
      outside.close();

      mapper.unmap(pages);
      const span = new Uint8Array(memory.buffer, at, ringSpanBytes(pages, PAGE));
      assert.ok(span.every((byte) => byte === 0), "anonymous memory lies there again");
      span.fill(1); // and can be written
    } finally {
      object.close();
    }
  },
});

Deno.test({
  name: `epoll reports a wake-up once when it is edge-triggered${skip ? ` (skipped: ${skip})` : ""}`,
  ignore: skip !== undefined,
  fn() {
    const object = openObject();
    const epoll = new Epoll();
    try {
      epoll.add(mapFd(object.map("ring")), 7, true);
      callGetppid(3); // written without a wake-up
      // adding an fd that is readable, or becomes so meanwhile, may report it once
      epoll.wait(0);
      assert.deepEqual(epoll.wait(0), []);
    } finally {
      epoll.close();
      object.close();
    }
  },
});

Deno.test("ring pages outside of the memory are refused", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const mapper = new RingMapper(memory, PAGE);
  assert.throws(() => mapper.map({ at: 0, dataBytes: 1 << 20, wrapBytes: 0 }, 0), RangeError);
  assert.throws(() => mapper.map({ at: 100, dataBytes: PAGE, wrapBytes: 0 }, 0), RangeError);
});
