// Says in the log what falco does without, where it may not do all that it could: it runs, but knows less.
// In: the capabilities of this process. Out: a line for each that is missing.
// Elsewhere: those without which nothing works (sources/live/prerequisites.ts), falco doctor.

import { readBytes } from "../../ffi/mod.ts";
import { missingCapabilities } from "../../sources/live/mod.ts";
import type { Component, RunState } from "../run/run_state.ts";

const MAX_STATUS_BYTES = 64 << 10;

export function tellMissingRights(run: RunState): Component {
  const bytes = readBytes("/proc/self/status", MAX_STATUS_BYTES);
  const status = bytes === undefined ? "" : new TextDecoder().decode(bytes);
  for (const { name, without } of status === "" ? [] : missingCapabilities(status)) {
    run.log("warning", `${name} is missing: ${without}`);
  }
  return {};
}
