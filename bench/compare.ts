// Compares two builds of the matcher by the time of an event, on a machine that does other things meanwhile.
// In: paths of the old and the new module, how many passes. Out: a line for state alone, and one for all upstream rules.
// The two take turns. What others take away makes a pass slower and never faster: so the events are cut into small parts, and
// the fastest pass of each part counts. The same module twice shows how far the figures can be trusted: about 1 %.

import { instantiateRules } from "../engine/rule_module.ts";
import { recordingPath } from "../tests/support/recordings.ts";
import { compile, readRecording, reportedTypes, TRACES, Track, UPSTREAM } from "./pipeline.ts";

const EVENTS_OF_PART = 1500;
const WARMING_PASSES = 4;

async function main(
  [before, after = "build/matcher.wasm", passes = "150"]: readonly string[],
): Promise<void> {
  if (before === undefined) throw new Error("Cannot compare: name the old module, then the new one");
  const modules = [before, after].map((path) => Deno.readFileSync(path));
  const recordings = await Promise.all(TRACES.map((name) => readRecording(recordingPath(name))));
  const rules = compile(UPSTREAM);
  const types = reportedTypes(rules.eventCodes);
  for (const withRules of [false, true]) {
    const tracks = modules.map((wasm) => new Track(wasm, recordings, types));
    for (const { matcher } of tracks) {
      if (withRules) instantiateRules(matcher, rules);
      else matcher.set_evaluating(0);
    }
    const fastest: number[][] = tracks.map(() => []);
    for (let pass = -WARMING_PASSES; pass < Number(passes); pass++) {
      const order = pass % 2 === 0 ? [0, 1] : [1, 0];
      for (const i of order) tracks[i]!.passInParts(EVENTS_OF_PART, pass < 0 ? [] : fastest[i]!);
    }
    const [old, now] = fastest.map((parts, i) => parts.reduce((a, b) => a + b) * 1e6 / tracks[i]!.count);
    const change = (now! / old! - 1) * 100;
    const name = withRules ? "with all upstream rules" : "decode and state";
    console.log(`${name}: ${old!.toFixed(1)} -> ${now!.toFixed(1)} ns an event (${change.toFixed(1)} %)`);
  }
}

if (import.meta.main) await main(Deno.args);
