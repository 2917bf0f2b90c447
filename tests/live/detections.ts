// A detection as data, and how a live test makes it happen and evaluates its alert: shared by the tests of the bundled
// and of the upstream rules.

import assert from "node:assert/strict";
import type { FalcoProcess, SeenAlert } from "./falco_process.ts";
import type { Lab } from "./lab.ts";

/** An address that belongs to a network namespace of the trigger program; documentation range, never routed. */
export const NETWORK = "203.0.113.7";

export type Fields = Readonly<Record<string, unknown>>;

/** One detection: what makes it happen, and what its alert must say. */
export interface Detection {
  readonly rule: string;
  /** tells apart detections of one rule */
  readonly name?: string;
  trigger(lab: Lab, container: string): Promise<unknown>;
  /** output fields that the alert must carry with these values */
  readonly fields: Fields | ((lab: Lab) => Fields);
}

function matches(alert: SeenAlert, fields: Fields): boolean {
  return Object.entries(fields).every(([key, value]) => alert.output_fields[key] === value);
}

/** Runs one step per detection: trigger, then the alert with the right fields within a second. */
export async function detect(
  t: Deno.TestContext,
  falco: FalcoProcess,
  lab: Lab,
  container: string,
  detections: readonly Detection[],
  refusal: string | null = null,
): Promise<void> {
  for (const detection of detections) {
    const name = `${detection.rule}${detection.name ? `: ${detection.name}` : ""}`;
    if (refusal !== null) {
      await t.step({ name: `${name} (skipped: ${refusal})`, ignore: true, fn: () => {} });
      continue;
    }
    await t.step(name, async () => {
      const seen = falco.alerts.length;
      const fields = typeof detection.fields === "function" ? detection.fields(lab) : detection.fields;
      await detection.trigger(lab, container);
      const endedMs = performance.now();
      const alert = await falco.alert(
        detection.rule,
        (alert) => falco.alerts.indexOf(alert) >= seen && matches(alert, fields),
      );
      assert.ok(alert.arrivedMs - endedMs < 1000, "the alert came within a second");
    });
  }
}
