// Gives back what nobody uses: pages of the program that the start alone has read, and, again and again, what was freed
// inside of the C library's heaps, which would stay as large as their worst moment.
// In: when it is time; a run. Out: nothing. Elsewhere: how (ffi/allocator.ts, ffi/program_pages.ts), the JavaScript
// heaps, whose limits are flags of the runtime (assets/environment.ts).

import { messageOf } from "../../base/mod.ts";
import { releaseProgramPages, trimFreedMemory } from "../../ffi/mod.ts";
import type { Log } from "../logging/log.ts";
import type { Component } from "./run_state.ts";

/** Engines are asked and users' names are read in the first seconds. */
const SETTLED_MS = 10_000;
const TRIM_EVERY_MS = 10_000;

/** A part of the start is over. */
export function giveStartPagesBack(log: Log): void {
  try {
    releaseProgramPages();
  } catch (error) {
    log("debug", `Cannot give pages of the program back: ${messageOf(error)}`);
  }
}

/** For a run that lasts. */
export function giveBackUnusedMemory({ log }: { readonly log: Log }): Component {
  const settled = setTimeout(() => giveStartPagesBack(log), SETTLED_MS);
  const trim = setInterval(trimFreedMemory, TRIM_EVERY_MS);
  return {
    close: () => {
      clearTimeout(settled);
      clearInterval(trim);
    },
  };
}
