import { deepEqual, equal } from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Capture } from "../../engine/capture.ts";
import type { RecordedChunk } from "../../engine/messages.ts";

/** The clock of events has nothing to do with that of this host. */
const START_MS = Date.parse("2020-01-01");

/** A chunk whose first event happened at this time; told apart by it. */
function chunk(atMs: number, bytes = 64): RecordedChunk {
  const content = new Uint8Array(bytes);
  new DataView(content.buffer).setBigUint64(10, BigInt(START_MS + atMs) * 1_000_000n, true);
  return { kind: "events", bytes: content, events: 1, begins: false, full: false };
}

function alert(rule: number, atMs: number): Alert {
  const timeNs = BigInt(START_MS + atMs) * 1_000_000n;
  return { rule, eventType: 3, timeNs, eventNumber: 7n, tid: 1n, values: [] };
}

/** Rule 0 begins captures of a second, rule 1 only prolongs them, by three. */
function start(beforeMs: number, nowMs = () => 0) {
  const sent: string[] = [];
  const capture = new Capture(
    { rules: [{ starts: true, durationMs: 1000 }, { starts: false, durationMs: 3000 }], beforeMs },
    ({ kind, begins, full, bytes, trigger }) => {
      if (full) return sent.push("end");
      if (kind === "state") return sent.push(`state${begins ? ` of event ${trigger?.eventNumber}` : ""}`);
      const ns = new DataView(bytes.buffer).getBigUint64(10, true);
      return sent.push(String(Number(ns / 1_000_000n) - START_MS));
    },
    nowMs,
  );
  const settle = () => capture.settle(() => [new Uint8Array(12), new Uint8Array(12)]);
  return { capture, sent, settle };
}

Deno.test("a capture has the state, what came before the match, and what follows until its time is over", () => {
  const { capture, sent, settle } = start(500);
  for (const atMs of [0, 300, 900, 1000]) capture.take(chunk(atMs));
  deepEqual(sent, []);
  capture.alert(alert(0, 1000));
  settle();
  // the event that was 100 ms too early came in one chunk with others that were not
  deepEqual(sent.splice(0), ["state of event 7", "state", "300", "900", "1000"]);
  for (const atMs of [1500, 2000, 2100]) capture.take(chunk(atMs));
  deepEqual(sent, ["1500", "2000", "end"]);
  capture.close();
  equal(sent.length, 3);
});

Deno.test("every match prolongs a running capture; only some rules begin one", () => {
  const { capture, sent, settle } = start(0);
  capture.take(chunk(0));
  capture.alert(alert(1, 0));
  settle();
  deepEqual(sent, []);
  capture.alert(alert(0, 0));
  settle();
  capture.alert(alert(1, 900));
  for (const atMs of [1100, 3900, 4000]) capture.take(chunk(atMs));
  deepEqual(sent, ["state of event 7", "state", "0", "1100", "3900", "end"]);
});

Deno.test("the end of the run ends a capture; another can follow the first", () => {
  const { capture, sent, settle } = start(0);
  for (const atMs of [0, 5000]) {
    capture.take(chunk(atMs));
    capture.alert(alert(0, atMs));
    settle();
    capture.take(chunk(atMs + 2000));
  }
  capture.close();
  deepEqual(sent.filter((word) => !/^\d/.test(word)), [
    "state of event 7",
    "state",
    "end",
    "state of event 7",
    "state",
    "end",
  ]);
});

Deno.test("what is kept for a match has a bound, whatever happens", () => {
  const { capture, sent, settle } = start(60_000);
  for (let atMs = 0; atMs < 100; atMs++) capture.take(chunk(atMs, 1 << 20));
  capture.alert(alert(0, 99));
  settle();
  const kept = sent.filter((word) => /^\d/.test(word));
  equal(kept.length, 32);
  equal(kept.at(-1), "99");
});

Deno.test("a capture on a host that has become quiet ends when its time is over", () => {
  let nowMs = 5000;
  const { capture, sent, settle } = start(0, () => nowMs);
  capture.take(chunk(0));
  capture.alert(alert(0, 0));
  settle();
  nowMs += 2000;
  settle();
  equal(sent.includes("end"), false);
  nowMs += 1;
  settle();
  equal(sent.at(-1), "end");
});

Deno.test("however many matches prolong it, a capture ends: at maxDurationMs, or when the rule that began it asks for longer", () => {
  for (const [maxDurationMs, endsMs] of [[5000, 5000], [400, 1000]] as const) {
    const sent: number[] = [];
    let ended = 0;
    const capture = new Capture(
      {
        rules: [{ starts: true, durationMs: 1000 }, { starts: false, durationMs: 3000 }],
        beforeMs: 0,
        maxDurationMs,
      },
      ({ kind, full, bytes }) => {
        if (full) ended++;
        else if (kind === "events") {
          sent.push(Number(new DataView(bytes.buffer).getBigUint64(10, true) / 1_000_000n) - START_MS);
        }
      },
      () => 0,
    );
    capture.alert(alert(0, 0));
    capture.settle(() => [new Uint8Array(12)]);
    for (let atMs = 100; atMs <= 20_000; atMs += 100) {
      if (ended === 0) capture.alert(alert(1, atMs));
      capture.take(chunk(atMs));
    }
    deepEqual([sent.at(-1), ended], [endsMs, 1]);
  }
});

Deno.test("so many captures begin within a minute; the matches that began none are counted", () => {
  let nowMs = 0, begun = 0;
  const capture = new Capture(
    { rules: [{ starts: true, durationMs: 0 }], beforeMs: 0, maxPerMinute: 3 },
    ({ begins }) => begins && begun++,
    () => nowMs,
  );
  for (let second = 0; second < 120; second++) {
    nowMs = second * 1000;
    capture.alert(alert(0, nowMs));
    capture.settle(() => [new Uint8Array(12)]);
    capture.take(chunk(nowMs + 500));
  }
  deepEqual([begun, capture.refused], [6, 114]);
});
