import { deepEqual, equal, match } from "node:assert/strict";
import { LineWriter } from "../../base/line_writer.ts";

/** A stream that takes a few bytes at a time and sometimes says "try again". */
class FakeStream {
  text = "";
  writes = 0;
  constructor(readonly bytesPerWrite: number, readonly failure?: () => Error | undefined) {}
  write(bytes: Uint8Array): Promise<number> {
    this.writes++;
    const error = this.failure?.();
    if (error !== undefined) return Promise.reject(error);
    const part = bytes.subarray(0, this.bytesPerWrite);
    this.text += new TextDecoder().decode(part);
    return Promise.resolve(part.length);
  }
}

Deno.test("lines come out whole and in order, however few bytes a write takes", async () => {
  const stream = new FakeStream(3);
  const sink = new LineWriter(stream);
  for (const line of ["first", "second", "third"]) sink.write(line);
  await sink.flush();
  equal(stream.text, "first\nsecond\nthird\n");
  deepEqual([sink.written, sink.dropped], [3n, 0n]);
});

Deno.test("lines of one turn go out in one write; unbuffered each has its own", async () => {
  for (const [unbuffered, writes] of [[false, 1], [true, 3]] as const) {
    const stream = new FakeStream(1 << 20);
    const sink = new LineWriter(stream, { unbuffered });
    for (const line of ["a", "b", "c"]) sink.write(line);
    await sink.flush();
    deepEqual([stream.text, stream.writes], ["a\nb\nc\n", writes]);
  }
});

Deno.test("a stream that says 'try again' loses nothing", async () => {
  let left = 3;
  const stream = new FakeStream(4, () => left-- > 0 ? new Deno.errors.WouldBlock("again") : undefined);
  const sink = new LineWriter(stream);
  sink.write("patience");
  await sink.flush();
  equal(stream.text, "patience\n");
});

Deno.test("a reader that has gone is reported once; later lines are counted as dropped", async () => {
  const reports: string[] = [];
  const stream = new FakeStream(4, () => new Deno.errors.BrokenPipe("Broken pipe"));
  const sink = new LineWriter(stream, { onClosed: (error) => reports.push(error.message) });
  sink.write("one");
  sink.write("two");
  await sink.flush();
  sink.write("three");
  await sink.flush();
  equal(reports.length, 1);
  match(reports[0] ?? "", /Broken pipe/);
  deepEqual([sink.written, sink.dropped], [0n, 3n]);
});

Deno.test("a reader that does not read bounds the queue; what does not fit is counted", async () => {
  let release = () => {};
  const gate = new Promise<void>((resolve) => release = resolve);
  const sink = new LineWriter({ write: (bytes) => gate.then(() => bytes.length) }, { maxQueuedBytes: 10 });
  for (let i = 0; i < 5; i++) sink.write("1234"); // 5 bytes each
  equal(sink.dropped, 3n);
  release();
  await sink.flush();
  equal(sink.written, 2n);
});

Deno.test("a reader that never reads does not keep the program from ending; its lines count as dropped", async () => {
  const sink = new LineWriter({ write: () => new Promise<number>(() => {}) });
  sink.write("one");
  sink.write("two");
  await sink.close(10);
  sink.write("three");
  deepEqual([sink.written, sink.dropped], [0n, 3n]);
});
