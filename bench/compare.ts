// Compares two builds of the project by the time of an event in the matcher, on a machine that does other things meanwhile.
// In: the folders of both, each with its build/matcher.wasm; how many passes. Out: lines for the events that the probe would report
// for all upstream rules, and for every event of the recordings: without rules, with upstream's stable rules, with all.
// The two take turns, and of each small part of the events the fastest pass counts (pipeline.ts). The same folder twice shows how
// far the figures can be trusted: about 1 %.

import { recordingPath } from "../tests/support/recordings.ts";
import { EVERY_EVENT, nsOf, readRecording, TRACES, type Track, UPSTREAM } from "./pipeline.ts";

const EVENTS_OF_PART = 500;
const WARMING_PASSES = 6;
const RULES: Readonly<Record<string, readonly string[] | undefined>> = {
  "without rules": undefined,
  "25 stable rules": ["falco_rules"],
  "all upstream rules": UPSTREAM,
};

type Events = "reported" | "every";

/** What a build has of its own: the rules' code goes with the matcher. */
async function loadBuild(folder: string) {
  const { compile, reportedTypes, Track: OwnTrack } = await import(`${folder}/bench/pipeline.ts`);
  const { instantiateRules } = await import(`${folder}/engine/rule_module.ts`);
  const wasm = Deno.readFileSync(`${folder}/build/matcher.wasm`);
  return (events: Events, names: readonly string[] | undefined, recordings: unknown): Track => {
    const types = events === "every" ? EVERY_EVENT : reportedTypes(compile(UPSTREAM).eventCodes);
    const track: Track = new OwnTrack(wasm, recordings, types);
    if (names === undefined) track.matcher.set_evaluating(0);
    else instantiateRules(track.matcher, compile(names));
    return track;
  };
}

async function main([before, after = ".", passes = "80"]: readonly string[]): Promise<void> {
  if (before === undefined) {
    throw new Error("Cannot compare: name the old build's folder, then the new one's");
  }
  const builds = await Promise.all([before, after].map((folder) => loadBuild(Deno.realPathSync(folder))));
  const recordings = await Promise.all(TRACES.map((name) => readRecording(recordingPath(name))));
  for (const events of ["reported", "every"] as const) {
    for (const [name, rules] of Object.entries(RULES)) {
      const tracks = builds.map((track) => track(events, rules, recordings));
      const fastest: number[][] = tracks.map(() => []);
      for (let pass = -WARMING_PASSES; pass < Number(passes); pass++) {
        const order = pass % 2 === 0 ? [0, 1] : [1, 0];
        for (const i of order) tracks[i]!.passInParts(EVENTS_OF_PART, pass < 0 ? [] : fastest[i]!);
      }
      const [old, now] = fastest.map((parts, i) => nsOf(parts, tracks[i]!.count));
      const change = (now! / old! - 1) * 100;
      console.log(
        `${events}, ${name}: ${old!.toFixed(1)} -> ${now!.toFixed(1)} ns an event (${change.toFixed(1)} %)`,
      );
    }
  }
}

if (import.meta.main) await main(Deno.args);
