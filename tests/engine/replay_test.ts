import assert from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { Engine } from "../../engine/engine.ts";
import type { EngineOptions } from "../../engine/engine_options.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";
import { recordingPath } from "../support/recordings.ts";
import { matcherMissing, noRules } from "./matcher_artefact.ts";

const skip = matcherMissing;
const because = (reason: string | undefined) => reason === undefined ? "" : ` (skipped: ${reason})`;

function start(source: EngineOptions["source"], more: Partial<EngineOptions> = {}): Promise<Engine> {
  return Engine.start({ rules: noRules(), source, onAlerts: () => {}, ...more });
}

/** A trace of `events` small events after its head. */
function trace(events: number): Uint8Array {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writeMachineInfo(writer, { cpus: 1, memoryBytes: 1n, maxPid: 1, hostname: "h", bootEpochNs: 1n });
  for (let i = 0; i < events; i++) {
    writer.beginBlock(0x216);
    writer.u16(0);
    writer.u64(1_000_000 + i);
    writer.u64(1);
    writer.u32(26 + 2 * 2 + 2 + 2);
    writer.u16(1); // syscall
    writer.u32(2);
    writer.u16(2);
    writer.u16(2);
    writer.u16(24);
    writer.u16(162);
    writer.endBlock();
  }
  return writer.take();
}

async function withFile<T>(content: Uint8Array, work: (path: string) => Promise<T>): Promise<T> {
  const path = Deno.makeTempFileSync({ suffix: ".scap" });
  Deno.writeFileSync(path, content);
  try {
    return await work(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test({
  name: `a replay evaluates every event and ends by itself${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    const engine = await start({ kind: "replay", path: recordingPath("procs") });
    const counters = await engine.ended;
    assert.equal(counters["EVENTS"], 21233n);
    assert.equal(counters["EVENTS_DAMAGED"], 0n);
    assert.ok(counters["trace_bytes"]! > 1_000_000n);
    assert.deepEqual(await engine.stop(), counters, "stopping what has ended is no error");
    assert.deepEqual(await engine.counters(), counters);
  },
});

Deno.test({
  name: `a truncated trace is evaluated as far as it goes, then the offset is told${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    const whole = trace(100);
    await withFile(whole.subarray(0, whole.length - 10), async (path) => {
      const engine = await start({ kind: "replay", path });
      await assert.rejects(engine.ended, (error: Error) => {
        assert.equal(error.name, "TraceError");
        assert.match(error.message, /truncated/);
        assert.match(error.message, new RegExp(`at byte ${whole.length - 48}`));
        return true;
      });
    });
  },
});

Deno.test({
  name: `a damaged block and one that is too large are told with their offset${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    const damaged = trace(10);
    const at = damaged.length - 48 * 3;
    new DataView(damaged.buffer).setUint32(at + 4, 5, true);
    await withFile(damaged, async (path) => {
      const { ended } = await start({ kind: "replay", path });
      await assert.rejects(ended, new RegExp(`damaged \\(at byte ${at} `));
    });
    new DataView(damaged.buffer).setUint32(at + 4, 0x7fff_fff0, true);
    await withFile(damaged, async (path) => {
      const { ended } = await start({ kind: "replay", path });
      await assert.rejects(ended, new RegExp(`claims a length of 2147483632 bytes.*at byte ${at} `));
    });
  },
});

Deno.test({
  name: `a trace that does not exist is an error without a hang${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    const { ended } = await start({ kind: "replay", path: "/nonexistent.scap" });
    await assert.rejects(ended, /nonexistent\.scap": no such file/);
  },
});

Deno.test({
  name: `stop() ends a replay at once, counters() answers meanwhile${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    await withFile(trace(400_000), async (path) => {
      const engine = await start({ kind: "replay", path });
      const [during, end] = await Promise.all([engine.counters(), engine.stop()]);
      assert.ok(during["EVENTS"]! <= end["EVENTS"]!);
      assert.ok(end["EVENTS"]! <= 400_000n);
    });
  },
});

Deno.test({
  name: `a flood of alerts reaches a slow reader whole and in order${because(skip)}`,
  ignore: skip !== undefined,
  async fn() {
    const text = `
- rule: everything
  desc: test
  condition: evt.num >= 0
  output: "%evt.num"
  priority: DEBUG
`;
    const rules = compileRules(loadRules([{ path: "test.yaml", text }]).rules, { matching: "first" });
    await withFile(trace(150_000), async (path) => {
      let next = 1n;
      const onAlerts = (alerts: readonly Alert[]) => {
        for (const { eventNumber, values } of alerts) {
          assert.equal(eventNumber, next++);
          assert.deepEqual(values, [{ kind: "uint", value: eventNumber }]);
        }
      };
      const { ended } = await start({ kind: "replay", path }, { rules, onAlerts });
      assert.equal((await ended)["ALERTS"], 150_000n);
      assert.equal(next, 150_001n);
    });
  },
});

Deno.test("a matcher that is none is an error of start()", async () => {
  const source = { kind: "replay", path: "/nonexistent.scap" } as const;
  await assert.rejects(
    start(source, { matcherWasm: new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]) }),
    /build it again/,
  );
  await assert.rejects(start(source, { matcherWasm: new Uint8Array(3) }), Error);
});
