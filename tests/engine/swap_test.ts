// Rules that change while events are evaluated: none is lost, none is evaluated twice, alerts belong to the rules that made them.
// Alone: the faster it swaps, the more it shows.

import assert from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { needsOf } from "../../engine/rule_module.ts";
import { type CompiledRules, compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { wantedSyscalls } from "../../sources/live/interest.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";
import { liveSkipReason } from "../ffi/ring_object.ts";
import { until } from "../outputs/outgoing_alerts.ts";
import { matcherMissing } from "./matcher_artefact.ts";

const noLive = liveSkipReason() ?? matcherMissing;
const because = (reason: string | undefined) => reason === undefined ? "" : ` (skipped: ${reason})`;

function compile(text: string): CompiledRules {
  const { rules, diagnostics } = loadRules([{ path: "test.yaml", text }]);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  return compileRules(rules, { matching: "first" });
}

const rule = (name: string, condition: string, output = "%evt.num %proc.name") => `
- rule: ${name}
  desc: test
  condition: ${condition}
  output: "${output}"
  priority: INFO
`;

/** The rule that matches every event is at another place in each of them: a mix-up shows. */
function everyEvent(place: number): CompiledRules {
  const others = Array.from(
    { length: place },
    (_, i) => rule(`never ${i}`, `evt.num = 0 and proc.name = n${i}`),
  );
  return compile([...others, rule(`all ${place}`, "evt.num > 0")].join(""));
}

/** A file with so many small events. */
function traceOf(events: number): string {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writeMachineInfo(writer, { cpus: 1, memoryBytes: 1n, maxPid: 1, hostname: "h", bootEpochNs: 1n });
  for (let i = 0; i < events; i++) {
    writer.beginBlock(0x216);
    writer.u16(0);
    writer.u64(1_000_000 + i);
    writer.u64(1);
    writer.u32(26 + 2 * 2 + 2 + 2);
    writer.u16(1);
    writer.u32(2);
    writer.u16(2);
    writer.u16(2);
    writer.u16(24);
    writer.u16(162);
    writer.endBlock();
  }
  const path = Deno.makeTempFileSync({ suffix: ".scap" });
  Deno.writeFileSync(path, writer.take());
  return path;
}

Deno.test({
  name:
    `swaps in the middle of a stream: each event is evaluated once, by the rules that its alert names; no heap is lost${
      because(matcherMissing)
    }`,
  ignore: matcherMissing !== undefined,
  async fn() {
    const EVENTS = 300_000;
    const path = traceOf(EVENTS);
    const rules = [0, 3, 1, 7].map((place) => ({ place, code: everyEvent(place) }));
    const seen: { number: bigint; rule: number; generation: number }[] = [];
    try {
      const engine = await Engine.start({
        rules: rules[0]!.code,
        source: { kind: "replay", path },
        // the main thread keeps up slowly enough that many swaps fall into the run
        onAlerts: async (alerts: readonly Alert[], generation: number) => {
          for (const alert of alerts) seen.push({ number: alert.eventNumber, rule: alert.rule, generation });
          await new Promise((resolve) => setTimeout(resolve, 1));
        },
      });
      let swaps = 0;
      const heapBytes: bigint[] = [];
      let over = false;
      engine.ended.finally(() => over = true);
      while (!over) {
        try {
          await engine.swapRules(rules[(swaps + 1) % rules.length]!.code);
          swaps++;
          assert.equal(engine.generation, swaps);
          // the same rules again; each set has been there once
          if (swaps > 4 && swaps % 4 === 0) heapBytes.push((await engine.counters())["HEAP_BYTES"]!);
        } catch (error) {
          assert.match(String(error), /the run has ended/);
          break;
        }
      }
      await engine.ended;
      assert.ok(swaps >= 12, `${swaps} swaps`);
      assert.deepEqual([...new Set(heapBytes)], [heapBytes[0]]);
    } finally {
      Deno.removeSync(path);
    }
    assert.equal(seen.length, EVENTS);
    let generation = 0;
    seen.forEach((alert, i) => {
      assert.equal(alert.number, BigInt(i + 1));
      assert.ok(alert.generation >= generation);
      generation = alert.generation;
      assert.equal(alert.rule, rules[generation % rules.length]!.place);
    });
  },
});

Deno.test({
  name: `rules that cannot be put in place are refused with the reason, and the old ones go on${
    because(matcherMissing)
  }`,
  ignore: matcherMissing !== undefined,
  async fn() {
    const path = traceOf(100_000);
    const seen: number[] = [];
    try {
      const engine = await Engine.start({
        rules: everyEvent(2),
        source: { kind: "replay", path },
        heapBytes: 16 << 20,
        onAlerts: async (alerts, generation) => {
          for (const alert of alerts) seen.push(100 * generation + alert.rule);
          await new Promise((resolve) => setTimeout(resolve, 5));
        },
      });
      const greedy = { ...everyEvent(0), constantsBytes: 1 << 30 };
      const damaged = { ...everyEvent(0), wasm: new Uint8Array([1, 2, 3]) };
      await assert.rejects(engine.swapRules(greedy), /no room for 1073741824 bytes/);
      await assert.rejects(engine.swapRules(damaged), /WebAssembly/);
      assert.equal(engine.generation, 0);
      const lastAsked = [everyEvent(5), everyEvent(1)].map((rules) => engine.swapRules(rules));
      await Promise.all(lastAsked);
      assert.equal(engine.generation, 2);
      await engine.ended;
      await assert.rejects(engine.swapRules(everyEvent(0)), /the run has ended/);
    } finally {
      Deno.removeSync(path);
    }
    assert.equal(seen.length, 100_000);
    assert.deepEqual([...new Set(seen)].filter((kind) => kind !== 105), [2, 201]);
  },
});

Deno.test({
  name: `live: 300 swaps under load lose nothing, and memory and descriptors stay where they were${
    because(noLive)
  }`,
  ignore: noLive !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    const program = `swap${Deno.pid}`.slice(0, 15);
    const path = `${folder}/${program}`;
    Deno.copyFileSync("/bin/true", path);
    const started = `evt.type in (execve, execveat) and evt.rawres = 0 and proc.name = "${program}"`;
    // each needs calls that the others do not: programs of the probe come and go
    const rules = [
      compile(rule("plain", started, "%proc.pid")),
      compile(rule("other", "evt.type = sethostname", "%proc.pid") + rule("links", started, "%proc.pid")),
      compile(rule("real", "fd.realname = /nowhere", "%proc.pid") + rule("second", started, "%proc.pid")),
    ];
    const seen: string[] = [];
    try {
      const engine = await Engine.start({
        rules: rules[0]!,
        // whatever else happens on this host must fit into the rings while a swap takes place
        source: { kind: "live", ringBytes: 16 << 20 },
        onAlerts: (alerts, generation) => {
          for (const { rule: place, values } of alerts) {
            const { name } = rules[generation % rules.length]!.rules[place]!;
            seen.push(`${name} ${values.map((value) => "value" in value ? value.value : "").join()}`);
          }
        },
      });
      const pids: number[] = [];
      const load = (async () => {
        while (pids.length < 100) {
          const child = new Deno.Command(path).spawn();
          await child.status;
          pids.push(child.pid);
        }
      })();
      const swap = async (from: number, to: number) => {
        for (let i = from; i <= to; i++) await engine.swapRules(rules[i % rules.length]!);
      };
      await swap(1, 60);
      const residentBytes = [Deno.memoryUsage().rss];
      const descriptors = [...Deno.readDirSync("/proc/self/fd")].length;
      for (const from of [61, 141, 221]) {
        await swap(from, from + 79);
        residentBytes.push(Deno.memoryUsage().rss);
      }
      await load;
      assert.ok([...Deno.readDirSync("/proc/self/fd")].length <= descriptors + 2, "descriptors");
      const counters = await engine.stop();
      assert.equal(counters["EVENTS"], counters["reported"]);
      for (const [name, value] of Object.entries(counters)) {
        if (name.startsWith("drops_") || name === "tail_call_failed") assert.equal(value, 0n, name);
      }
      assert.deepEqual(seen.map((text) => Number(text.split(" ")[1])), pids);
      assert.ok(new Set(seen.map((text) => text.split(" ")[0])).size > 1, "more than one of them evaluated");
      // what is not given back grows each time; garbage that waits for its collector does not
      const grownBytes = residentBytes.slice(1).map((bytes, i) => bytes - residentBytes[i]!);
      assert.ok(Math.min(...grownBytes) < 20 << 20, `memory grew by ${grownBytes}`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: `live: calls that only new rules need are reported from the swap on${because(noLive)}`,
  ignore: noLive !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    const plain = compile(rule("plain", "evt.type = execve and evt.num = 0"));
    const links = compile(
      rule("other", "evt.type = execve and evt.num = 0") +
        rule(
          "link made",
          `evt.type = symlinkat and evt.arg.linkpath startswith "${folder}"`,
          "%evt.arg.linkpath",
        ),
    );
    const calls = (rules: CompiledRules) => wantedSyscalls(needsOf(rules)).map(({ name }) => name);
    assert.ok(!calls(plain).includes("symlinkat"), "otherwise this proves nothing");
    const seen: unknown[] = [];
    const link = async (name: string) =>
      void await new Deno.Command("ln", { args: ["-s", "x", `${folder}/${name}`] }).output();
    try {
      const engine = await Engine.start({
        rules: plain,
        source: { kind: "live", ringBytes: 8 << 20 },
        onAlerts: (alerts) => {
          for (const { values: [value] } of alerts) seen.push(value && "value" in value && value.value);
        },
      });
      await link("a");
      await engine.swapRules(links);
      await link("b");
      // what is still in the rings at a swap belongs to the rules that come
      await until("the alert about b", () => seen.length > 0);
      // a second time, with the program in place already
      await engine.swapRules(plain);
      await link("c");
      await engine.swapRules(links);
      await link("d");
      await engine.stop();
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
    assert.deepEqual(seen, [`${folder}/b`, `${folder}/d`]);
  },
});

Deno.test({
  name: `live: one engine hands over to another: each event is evaluated once${because(noLive)}`,
  ignore: noLive !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync();
    const program = `hand${Deno.pid}`.slice(0, 15);
    const path = `${folder}/${program}`;
    Deno.copyFileSync("/bin/true", path);
    const started = `evt.type in (execve, execveat) and evt.rawres = 0 and proc.name = "${program}"`;
    const rules = compile(rule("started", started, "%proc.pid %proc.ppid"));
    const seen: string[] = [];
    const start = (generation: number, isHeld: boolean) =>
      Engine.start({
        rules,
        generation,
        isHeld,
        source: { kind: "live", ringBytes: 4 << 20 },
        onAlerts: (alerts) => {
          for (const { values } of alerts) seen.push(values.map((v) => "value" in v ? v.value : "").join());
        },
      });
    const pids: number[] = [];
    let isOver = false;
    try {
      let engine = await start(0, false);
      const load = (async () => {
        while (!isOver) {
          const child = new Deno.Command(path).spawn();
          await child.status;
          pids.push(child.pid);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      })();
      for (let generation = 1; generation <= 2; generation++) {
        const next = await start(generation, true);
        await engine.handOver();
        next.release(engine.takenUntilNs!);
        engine = next;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      // one that never gets its turn has nothing to say
      const unused = await start(9, true);
      await new Promise((resolve) => setTimeout(resolve, 50));
      isOver = true;
      await load;
      await unused.stop();
      await engine.stop();
    } finally {
      isOver = true;
      Deno.removeSync(folder, { recursive: true });
    }
    assert.ok(pids.length > 20);
    const all = pids.map((pid) => `${pid},${Deno.pid}`);
    assert.deepEqual(all.filter((run) => !seen.includes(run)), [], "missing");
    assert.deepEqual(seen.filter((run) => !all.includes(run)), [], "with other values");
    // the two probes stamp one event some microseconds apart: what falls just there may be evaluated by both engines
    const twice = seen.filter((run, i) => seen.indexOf(run) !== i);
    assert.ok(twice.length <= 1, `twice: ${twice.join(" ")}`);
    assert.deepEqual([...new Set(seen)], all, "in order");
  },
});
