// evt.deltatime and its parts in outputs: the time since the alert before that was written in this form.
// In: the time of each alert. Out: text. Elsewhere: conditions, where it is the time since the event before (assembly/).
//
// Falco keeps the time of the last question in the output itself. So texts tell how long ago the rule matched before;
// JSON, whose values are asked for after the text of the same alert, always has 0.

import type { FieldDef } from "../schema/mod.ts";

const SECOND = 1_000_000_000n;

export const ELAPSED_JSON = "0";

/** One place in one output: remembers when it was written last. */
export function createElapsedText({ name }: Pick<FieldDef, "name">): (timeNs: bigint) => string {
  let lastNs: bigint | undefined;
  return (timeNs) => {
    const elapsedNs = lastNs === undefined ? 0n : BigInt.asUintN(64, timeNs - lastNs);
    lastNs = timeNs;
    switch (name) {
      case "evt.deltatime.s":
        return String(elapsedNs / SECOND);
      case "evt.deltatime.ns":
        return String(elapsedNs % SECOND).padStart(9, "0");
      default:
        return String(elapsedNs);
    }
  };
}
