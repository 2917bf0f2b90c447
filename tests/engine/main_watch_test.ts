// The worker's look at the main thread: when it ends the process, and when it must not.

import { deepEqual, equal, match } from "node:assert/strict";
import { NO_LIMIT_MS } from "../../engine/control.ts";
import { MainWatch } from "../../engine/main_watch.ts";

function watch(limitMs: number) {
  const control = { beatsOfMain: 0, mainLimitMs: limitMs };
  const ends: string[] = [];
  const clock = { ms: 0 };
  const signals = { haveCome: false };
  const watch = new MainWatch(control, signals, (line) => ends.push(line), () => clock.ms);
  /** looks every half second */
  const pass = (seconds: number, beats: boolean) => {
    for (let i = 0; i < seconds * 2; i++) {
      clock.ms += 500;
      if (beats) control.beatsOfMain++;
      watch.look();
    }
  };
  return { control, signals, ends, clock, pass, look: () => watch.look() };
}

Deno.test("without a beat of the main thread for the limit the process ends, with a line that says why", () => {
  const { ends, pass } = watch(5000);
  pass(60, true);
  pass(4, false);
  deepEqual(ends, []);
  pass(1, false);
  equal(ends.length, 1);
  match(ends[0]!, /watchdog\.timeout.*main thread has made no turn for 5 s/);
});

Deno.test("without a limit nothing ends: before the run begins, in a replay, and when it is switched off", () => {
  const { ends, pass } = watch(0);
  pass(3600, false);
  deepEqual(ends, []);
});

Deno.test("a process that was stopped, frozen or suspended as a whole goes on afterwards", () => {
  const { ends, clock, pass, look } = watch(5000);
  pass(10, true);
  clock.ms += 3_600_000;
  look();
  deepEqual(ends, []);
  pass(3, false);
  deepEqual(ends, []);
});

Deno.test("a signal to end is obeyed after five seconds, with and without a limit, when the main thread does not", () => {
  for (const limitMs of [30_000, NO_LIMIT_MS]) {
    const { ends, signals, pass } = watch(limitMs);
    signals.haveCome = true;
    pass(60, true);
    pass(4, false);
    deepEqual(ends, []);
    pass(1, false);
    equal(ends.length, 1);
    match(ends[0]!, /asked by a signal.*main thread has made no turn for 5 s/);
  }
});

Deno.test("a signal to end counts for nothing here while the run ends in order, or before it has begun", () => {
  const { ends, signals, pass } = watch(0);
  signals.haveCome = true;
  pass(3600, false);
  deepEqual(ends, []);
});
