// A user's engine that answers without end: claims of 20,000 containers, answers of many megabytes, nested or full of
// empty values, dripped byte by byte, events by the thousand, a line that never ends; and storage files like it.

import assert from "node:assert/strict";
import { residentMb } from "../audited.ts";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";
import { Stranger } from "../stranger.ts";

const MARK = "attack-mark-5d4";
const RULES = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args %container.id"
  priority: WARNING
`;
const ID = "be".repeat(32);
const MODES = ["many", "large", "nested", "values", "drip", "events", "line"];
const EACH_MS = 6000;
const MAX_RESIDENT_MB = 400;
const MAX_LATE_MS = 1000;

const attack: Attack = {
  aim: "starve",
  tries: `an engine of a user's, ${EACH_MS / 1000} s each: ${MODES.join(", ")}`,
  isQuick: false,
  async run(target) {
    using rules = new RulesFile(RULES);
    const cgroups = ScratchCgroups.open();
    const stranger = Stranger.logIn();
    const figures: string[] = [];
    let turns = 0;
    try {
      const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
      try {
        // in the user's own container, about which the engine is asked, and outside of it
        const places = [`/user.slice/user-${stranger.uid}.slice/libpod-${ID}.scope`, "/plain"];
        const late = async () => {
          const mark = `${MARK}-${turns++}-`;
          await cgroups.run(places[turns % places.length]!, "/bin/true", mark);
          const ranMs = performance.now();
          const alert = await falco.alert("Marked command", ({ output }) => output.includes(mark));
          return Math.max(0, alert.arrivedMs - ranMs);
        };
        await late();
        const before = residentMb(falco.pid);
        for (const mode of MODES) {
          const engine = await stranger.start("user_engine.ts", stranger.podmanSocket, mode, ID);
          let worstMs = 0, mostMb = 0;
          for (const endMs = performance.now() + EACH_MS; performance.now() < endMs;) {
            worstMs = Math.max(worstMs, await late());
            mostMb = Math.max(mostMb, residentMb(falco.pid));
          }
          await stranger.stop(engine);
          figures.push(`${mode} ${Math.round(mostMb)} MB ${Math.round(worstMs)} ms`);
          assert.ok(mostMb < MAX_RESIDENT_MB, `${figures.join(", ")}; ${Math.round(before)} MB before`);
          assert.ok(worstMs < MAX_LATE_MS, `${figures.join(", ")}`);
        }
        assert.ok(falco.log.length < 60, `${falco.log.length} lines of log`);
      } finally {
        await falco.stop();
      }
      return `${turns} alerts; at most: ${figures.join(", ")}`;
    } finally {
      await stranger.logOut();
      cgroups.close();
    }
  },
};

export default attack;
