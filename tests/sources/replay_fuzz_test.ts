// Mutated recordings go the whole way of a replay: reader, ingest, state, a rule that prints fields of every class.
// Whatever is in them, the run ends by itself, with an error that names a place in the file or without one, nothing is
// read outside of the memory (the matcher would trap), and a sound recording can be replayed afterwards.

import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { planMemory } from "../../engine/memory_plan.ts";
import { createMemory } from "../../engine/memory_plan.ts";
import { Matcher } from "../../engine/matcher.ts";
import { readAlert } from "../../engine/alert_reader.ts";
import { readMatcherCounters } from "../../engine/counters.ts";
import { instantiateRules } from "../../engine/rule_module.ts";
import { compileRules } from "../../rules/compile.ts";
import { environmentOf } from "../../rules/check/environment.ts";
import { RuleSet } from "../../rules/rule_set.ts";
import { makeSource } from "../../rules/text/source.ts";
import { TraceError } from "../../scap/reader.ts";
import { ReplaySource } from "../../sources/replay/replay_source.ts";
import { matcherMissing, readMatcher } from "../engine/matcher_artefact.ts";
import { recordingPath } from "../support/recordings.ts";

const FORMAT = [
  ...["evt.num", "evt.time", "evt.type", "evt.args", "evt.res", "evt.rawarg.flags", "evt.abspath"],
  ...[
    "proc.name",
    "proc.cmdline",
    "proc.env",
    "proc.aname",
    "proc.cwd",
    "proc.sid.exe",
    "proc.is_exe_writable",
  ],
  ...["fd.name", "fd.cip", "fd.sport", "fd.nameraw", "fs.path.name", "fs.path.target", "fdlist.names"],
  ...["user.name", "group.name", "thread.cap_effective", "container.id"],
].map((field) => `%${field}`).join(" ");

const HEAP_BYTES = 48 << 20;
/** Lists and a few thousand events: enough for every kind of damage, small enough for hundreds of runs. */
const KEPT_BYTES = 160_000;
const TRACES = ["net", "procs", "container"];
const missing = matcherMissing;

interface Outcome {
  readonly error: unknown;
  readonly events: bigint;
  readonly alerts: number;
}

class Replayer {
  readonly #matcher: Matcher;
  #alerts = 0;

  constructor() {
    const plan = planMemory(HEAP_BYTES, 0, 0);
    const memory = createMemory(plan);
    this.#matcher = new Matcher(readMatcher(), memory, {
      heapEnd: plan.heapEnd,
      maxThreads: 4096,
      maxFds: 65536,
    }, {
      onAlert: (_rule, at, bytes) => {
        readAlert(new Uint8Array(memory.buffer, at, bytes).slice() as Uint8Array<ArrayBuffer>);
        this.#alerts++;
      },
      now: () => 0n,
    });
    const { rule, diagnostics } = RuleSet.of([], environmentOf()).filter(
      undefined,
      makeSource("FORMAT", FORMAT),
    );
    assert.ok(rule, JSON.stringify(diagnostics.map(({ message }) => message)));
    instantiateRules(this.#matcher, compileRules([rule], { matching: "all" }));
  }

  async replay(content: Uint8Array): Promise<Outcome> {
    const path = Deno.makeTempFileSync({ suffix: ".scap" });
    Deno.writeFileSync(path, content);
    const before = readMatcherCounters(this.#matcher.memory)["EVENTS"]!;
    this.#alerts = 0;
    let error: unknown;
    const source = new ReplaySource(path, this.#matcher);
    try {
      while (await source.turn());
    } catch (thrown) {
      error = thrown;
    } finally {
      source.close();
      Deno.removeSync(path);
    }
    const events = readMatcherCounters(this.#matcher.memory)["EVENTS"]! - before;
    return { error, events, alerts: this.#alerts };
  }
}

/** The head of a trace, uncompressed, and where its blocks begin. */
function head(name: string): { bytes: Uint8Array<ArrayBuffer>; blocks: number[] } {
  const whole = new Uint8Array(gunzipSync(Deno.readFileSync(recordingPath(name))));
  const view = new DataView(whole.buffer);
  const blocks: number[] = [];
  let at = 0;
  while (at < whole.length && at < KEPT_BYTES) {
    blocks.push(at);
    at += view.getUint32(at + 4, true);
  }
  return { bytes: whole.slice(0, at), blocks };
}

type Mutation =
  | { readonly kind: "bytes"; readonly at: number; readonly values: Uint8Array }
  | { readonly kind: "number"; readonly at: number; readonly value: number }
  | { readonly kind: "field"; readonly block: number; readonly offset: number; readonly value: number }
  | { readonly kind: "cut" | "drop" | "repeat"; readonly block: number; readonly bytes: number };

const place = fc.double({ min: 0, max: 0.999999, noNaN: true });
const odd = fc.constantFrom(0, 1, 3, 7, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff);
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({
    kind: fc.constant("bytes" as const),
    at: place,
    values: fc.uint8Array({ minLength: 1, maxLength: 9 }),
  }),
  fc.record({ kind: fc.constant("number" as const), at: place, value: odd }),
  // lengths, types and counts lie at the head of a block
  fc.record({
    kind: fc.constant("field" as const),
    block: place,
    offset: fc.nat(60),
    value: fc.oneof(odd, fc.nat(500)),
  }),
  fc.record({
    kind: fc.constantFrom("cut" as const, "drop" as const, "repeat" as const),
    block: place,
    bytes: fc.nat(40),
  }),
);

function mutate(
  { bytes, blocks }: ReturnType<typeof head>,
  mutations: readonly Mutation[],
): Uint8Array<ArrayBuffer> {
  let made = bytes.slice();
  const put = (at: number, value: number) => {
    if (at + 4 <= made.length) new DataView(made.buffer).setUint32(at, value >>> 0, true);
  };
  for (const mutation of mutations) {
    if (mutation.kind === "bytes") {
      const at = Math.floor(mutation.at * made.length);
      made.set(mutation.values.subarray(0, made.length - at), at);
    } else if (mutation.kind === "number") {
      put(Math.floor(mutation.at * made.length), mutation.value);
    } else {
      const index = Math.floor(mutation.block * blocks.length);
      const at = blocks[index]!;
      const next = blocks[index + 1] ?? bytes.length;
      if (mutation.kind === "field") put(at + mutation.offset, mutation.value);
      else if (mutation.kind === "cut") made = made.slice(0, at + mutation.bytes);
      else if (mutation.kind === "drop") made = concat(made.subarray(0, at), made.subarray(next));
      else made = concat(made.subarray(0, next), made.subarray(at));
    }
  }
  return made;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function test(name: string, fn: () => Promise<void>): void {
  const ignore = missing !== undefined;
  Deno.test({ name: ignore ? `${name}: skipped, ${missing}` : name, ignore, fn });
}

for (const name of TRACES) {
  test(`mutated blocks of ${name}: no trap, no hang, errors name a place in the file`, async () => {
    const sound = head(name);
    const replayer = new Replayer();
    const expected = await replayer.replay(sound.bytes);
    assert.equal(expected.error, undefined);
    assert.ok(expected.alerts > 100, `${expected.alerts} alerts`);
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 6 }), async (mutations) => {
        const content = mutate(sound, mutations);
        const { error } = await replayer.replay(content);
        if (error === undefined) return;
        assert.ok(error instanceof TraceError, String(error));
        assert.ok(error.offset >= 0 && error.offset <= content.length, `offset ${error.offset}`);
      }),
      { numRuns: 150 },
    );
    // nothing of all that stays: a section starts over
    const again = await replayer.replay(sound.bytes);
    assert.deepEqual([again.error, again.events, again.alerts], [
      undefined,
      expected.events,
      expected.alerts,
    ]);
  });
}

test("damaged gzip: what was read is evaluated, the error names a place in the data", async () => {
  const sound = head("procs");
  const compressed = new Uint8Array(gzipSync(sound.bytes));
  const replayer = new Replayer();
  await fc.assert(
    fc.asyncProperty(
      place,
      fc.uint8Array({ minLength: 1, maxLength: 30 }),
      fc.boolean(),
      async (where, values, cut) => {
        const at = 10 + Math.floor(where * (compressed.length - 10));
        const content = cut ? compressed.slice(0, at) : compressed.slice();
        if (!cut) content.set(values.subarray(0, content.length - at), at);
        const { error } = await replayer.replay(content);
        if (error !== undefined) assert.ok(error instanceof TraceError, String(error));
        else assert.ok(!cut);
      },
    ),
    { numRuns: 60 },
  );
});

test("cyclic parents end every walk", async () => {
  const { bytes, blocks } = head("procs");
  const view = new DataView(bytes.buffer);
  const list = blocks.find((at) => view.getUint32(at, true) === 0x215);
  assert.ok(list !== undefined);
  // every process becomes a child of the one after it, the last one of the first
  const entries: number[] = [];
  const end = list + view.getUint32(list + 4, true) - 4;
  for (let at = list + 8; at + 28 < end && view.getUint32(at, true) > 0; at += view.getUint32(at, true)) {
    entries.push(at);
  }
  entries.forEach((at, i) => {
    const parent = entries[(i + 1) % entries.length]!;
    view.setBigUint64(at + 20, view.getBigUint64(parent + 4, true), true);
  });
  assert.equal((await new Replayer().replay(bytes)).error, undefined);
});
