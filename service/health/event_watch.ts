// Looks once a second whether events flow and whether some are lost, while this host is watched.
// In: the run. Out: actions and internal alerts; at the end, how often there was reason for them.
// Elsewhere: what is done about drops (drop_actions.ts) and about silence (event_timeouts.ts), crowds of
// containers (service/containers/container_crowd.ts).

import { ContainerCrowd } from "../containers/container_crowd.ts";
import { DropActions } from "./drop_actions.ts";
import { EventTimeouts } from "./event_timeouts.ts";
import type { Component, RunState } from "../run/run_state.ts";

const INTERVAL_MS = 1000;
const TELL_EVERY_MS = 60_000;

export function watchEvents(run: RunState): Component {
  let drops = dropActions(run);
  let timeouts = eventTimeouts(run);
  let crowd = new ContainerCrowd(run.raise, run.log);
  let detected = 0n, taken = 0n;
  let isAsking = false, isOver = false;

  let refused = 0n, toldMs = -Infinity;
  /** Matches that would have begun a capture (capture.max_per_minute). */
  const tellCaptures = (count: bigint) => {
    // of another engine
    if (count < refused) refused = 0n;
    if (count === refused || performance.now() - toldMs < TELL_EVERY_MS) return;
    const more = count - refused;
    run.log(
      "warning",
      `${more} matches began no capture: capture.max_per_minute have begun within the last minute`,
    );
    refused = count;
    toldMs = performance.now();
  };

  /** An engine that is slow to answer is not asked again meanwhile. */
  const look = async () => {
    if (isAsking) return;
    isAsking = true;
    try {
      const counters = await run.engine.counters();
      if (isOver) return;
      drops.take(counters, performance.now());
      timeouts.take(counters, performance.now());
      tellCaptures(counters["captures_refused"] ?? 0n);
      crowd.take(counters);
    } catch {
      // the engine has failed, and says so itself
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(look, INTERVAL_MS);
  look();

  const settle = () => {
    detected += drops.detected;
    taken += drops.taken;
  };
  return {
    /** The engine may be another, with counters of its own. */
    reloaded() {
      settle();
      drops = dropActions(run);
      timeouts = eventTimeouts(run);
      crowd = new ContainerCrowd(run.raise, run.log);
    },
    close() {
      isOver = true;
      clearInterval(timer);
      settle();
      if (detected === 0n) return;
      run.log("info", `syscall event drops: ${detected} seconds above the threshold, ${taken} actions taken`);
    },
  };
}

function dropActions({ settings, raise, log, stop }: RunState): DropActions {
  return new DropActions({
    settings,
    raise,
    log,
    exit: (why) => stop.request({ why, exitCode: 1 }),
  });
}

function eventTimeouts({ settings, raise }: RunState): EventTimeouts {
  return new EventTimeouts(settings["syscall_event_timeouts.max_consecutives"], raise);
}
