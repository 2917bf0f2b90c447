// Records from outside the stream of events reach a live engine that sleeps, and are recorded.
// Alone: the host has to be quiet enough for the engine to sleep.

import assert from "node:assert/strict";
import { Engine } from "../../engine/engine.ts";
import type { RecordedChunk } from "../../engine/messages.ts";
import { asyncEvent } from "../../scap/event_block.ts";
import { liveSkipReason } from "../ffi/ring_object.ts";
import { matcherMissing, noRules } from "./matcher_artefact.ts";

const skip = liveSkipReason() ?? matcherMissing;
const PATIENCE_MS = 10_000;
const QUIET_MS = 700;

const record = (id: string) =>
  asyncEvent("container", JSON.stringify({ container: { id, name: `name-${id}` } }), 1n);

Deno.test({
  name: `live: what is injected is known soon, in order, is recorded, and begins a later section${
    skip === undefined ? "" : ` (skipped: ${skip})`
  }`,
  ignore: skip !== undefined,
  async fn() {
    const chunks: RecordedChunk[] = [];
    const engine = await Engine.start({
      rules: noRules(),
      source: { kind: "live", ringBytes: 8 << 20 },
      onAlerts: () => {},
      containers: { waitMs: 100, onSeen: () => {} },
      record: { all: true, onChunk: (chunk) => void chunks.push(chunk) },
    });
    const known = () => engine.liveCounters.matcher["CONTAINERS"];
    const isKnown = async (count: bigint) => {
      const endMs = performance.now() + PATIENCE_MS;
      while (known() !== count) {
        assert.ok(performance.now() < endMs, `${known()} containers are known instead of ${count}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    try {
      // long enough for a worker without events to sleep deeply
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      engine.inject(record("first"));
      await isKnown(1n);
      engine.inject(record("second"));
      engine.containerUnknown("third");
      engine.containerUsersRead("first");
      await isKnown(2n);
      engine.beginSection();
      await engine.counters();
    } finally {
      await engine.stop();
    }
    const text = chunks.map(({ kind, bytes }) => `${kind}:${new TextDecoder("latin1").decode(bytes)}`);
    const holds = (kind: string, id: string) =>
      text.findIndex((chunk) => chunk.startsWith(kind) && chunk.includes(`name-${id}`));
    assert.ok(holds("events", "first") >= 0);
    assert.ok(holds("events", "second") >= holds("events", "first"));
    assert.ok(holds("state", "second") > holds("events", "second"));
    engine.inject(record("late"));
  },
});
