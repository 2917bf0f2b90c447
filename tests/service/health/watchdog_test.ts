// The main thread's part of the watchdog: what systemd is told and when the run ends.

import { deepEqual, equal, match } from "node:assert/strict";
import { defaultSettings } from "../../../config/settings.ts";
import type { InternalAlert } from "../../../service/internal_alerts/internal_alerts.ts";
import { LastResort } from "../../../service/run/last_resort.ts";
import { Lateness } from "../../../service/health/lateness.ts";
import type { StopReason } from "../../../service/run/stop_request.ts";
import { Watchdog } from "../../../service/health/watchdog.ts";

function watched(syscall = true) {
  const raised: InternalAlert[] = [];
  const stops: StopReason[] = [];
  const told: string[] = [];
  const overdue: string[] = [];
  const clock = { ms: 0 };
  const canary = { silentMs: 0, latencyMs: 1, sent: 0, seen: 0 };
  const reason = Promise.withResolvers<StopReason>();
  const limits: number[] = [];
  const run = {
    settings: { ...defaultSettings(), "watchdog.timeout": 5000 },
    raise: (alert: InternalAlert) => void raised.push(alert),
    log: () => {},
    engine: { beats: 0, beatOfMain: (limitMs: number) => void limits.push(limitMs) },
    output: { isMoving: true },
    sources: { syscall },
    stop: { request: (stop: StopReason) => void stops.push(stop), reason: reason.promise },
  };
  const watchdog = Watchdog.start(run, {
    canary: () => canary,
    systemd: { tell: (state) => told.push(state) },
    nowMs: () => clock.ms,
    onOverdue: (line) => overdue.push(line),
  });
  const pass = (seconds: number, lives: { engine?: boolean; canary?: boolean }) => {
    for (let i = 0; i < seconds * 2; i++) {
      clock.ms += 500;
      if (lives.engine === true) run.engine.beats++;
      if (lives.canary === true) canary.seen++;
      watchdog.tick();
    }
  };
  return { run, watchdog, pass, raised, stops, told, limits };
}

Deno.test("systemd is fed by canaries that came all the way, and by nothing else", () => {
  const { run, watchdog, pass, told, stops } = watched();
  try {
    deepEqual(told, [], "ready is what has been started as a whole");
    watchdog.tellReady();
    deepEqual(told.splice(0), ["READY=1"]);
    pass(2, { engine: true });
    deepEqual(told.splice(0), []);
    pass(2, { engine: true, canary: true });
    deepEqual(new Set(told.splice(0)), new Set(["WATCHDOG=1"]));
    run.output.isMoving = false;
    pass(2, { engine: true, canary: true });
    deepEqual(told.splice(0), []);
    equal(watchdog.problem, "a queue of the outputs does not move");
    deepEqual(stops, []);
  } finally {
    watchdog.close();
    deepEqual(told.splice(0), ["STOPPING=1"]);
  }
});

Deno.test("an engine's thread that hangs is told, and after the limit the run ends with exit code 1", () => {
  const { watchdog, pass, stops, raised, limits } = watched();
  try {
    pass(2, { engine: true, canary: true });
    pass(4, {});
    match(watchdog.problem ?? "", /the engine's thread has made no turn for 4 s/);
    deepEqual(stops, []);
    pass(2, {});
    deepEqual(stops, [{
      why: "watchdog.timeout: the engine's thread has made no turn for 5 s",
      exitCode: 1,
    }]);
    equal(raised[0]?.rule, "Falco internal: watchdog");
    equal(new Set(limits).size, 1);
  } finally {
    watchdog.close();
    equal(limits.at(-1), 0);
  }
});

Deno.test("no canary any more, though the threads make their turns: the same; one that never came ends nothing", () => {
  const first = watched();
  try {
    first.pass(60, { engine: true });
    deepEqual(first.stops, []);
    first.pass(1, { engine: true, canary: true });
    first.pass(6, { engine: true });
    match(first.stops.map(({ why }) => why).join(), /no event has come through for 5 s/);
  } finally {
    first.watchdog.close();
  }
  const json = watched(false);
  try {
    json.pass(60, {});
    deepEqual(json.stops, []);
    equal(json.told.includes("WATCHDOG=1"), true);
  } finally {
    json.watchdog.close();
  }
});

Deno.test("what nobody caught is logged, raised and counted, the same again not at once, and nothing ends", async () => {
  const lines: string[] = [];
  const raised: InternalAlert[] = [];
  const lastResort = new LastResort((level, message) => lines.push(`${level} ${message}`), (alert) => {
    raised.push(alert);
  });
  try {
    for (let i = 0; i < 50; i++) Promise.reject(new Error(`forgotten ${i}`));
    setTimeout(() => {
      throw new TypeError("in a timer");
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    equal(lastResort.count, 51);
    equal(lines.length, 1);
    match(lines[0]!, /^critical unexpected failure, evaluating goes on: Error: forgotten 0 \(at /);
    equal(raised[0]?.rule, "Falco internal: unexpected failure");
  } finally {
    lastResort.dispose();
  }
});

Deno.test("lateness: the last, the worst of the last minute, the sum; a clock that goes back makes nothing early", () => {
  const clock = { ms: 0 };
  const lateness = new Lateness(() => clock.ms);
  const late = (ms: number) => lateness.take(1_000_000_000n, 1_000_000_000n + BigInt(ms * 1e6));
  late(20);
  late(3000);
  late(5);
  late(-100);
  deepEqual(lateness.state, { alerts: 4, totalMs: 3025, lastMs: 0, worstMs: 3000 });
  clock.ms = 70_000;
  equal(lateness.state.worstMs, 0);
  late(7);
  equal(lateness.state.worstMs, 7);
});
