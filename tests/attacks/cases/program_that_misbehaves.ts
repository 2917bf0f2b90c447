// Programs for alerts that print without end, read nothing, close their input, ignore SIGTERM, or leave somebody behind.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { residentMb } from "../audited.ts";
import { startMarked } from "../marked.ts";

const ALERTS = 20;
const MAX_RESIDENT_MB = 400;
const MAX_LATE_MS = 1000;
const SETTINGS = `
program_output: {enabled: true, keep_alive: true, program: "yes to-all-this-there-is-no-end & cat > FOLDER/printing"}
sinks:
  - {type: program, name: once, timeout: 2s, program: "yes & yes >&2 & cat > /dev/null"}
  - {type: program, name: deaf, keep_alive: true, timeout: 1s, program: "exec sleep 100"}
  - {type: program, name: shut, keep_alive: true, timeout: 1s, program: "exec <&-; exec sleep 100"}
  - {type: program, name: stubborn, keep_alive: true, program: "trap '' TERM; cat > /dev/null; exec sleep 100"}
  - {type: program, name: orphan, program: "(setsid sleep 8 &); cat > /dev/null"}
`;

const attack: Attack = {
  aim: "starve",
  tries:
    "programs that print without end, read nothing, close their input, ignore SIGTERM, leave somebody after",
  isQuick: false,
  async run(target) {
    const { falco, folder, alert, stop, remove } = await startMarked(target, SETTINGS);
    try {
      let mostMb = 0, worstMs = 0, stopMs = 0;
      try {
        for (let number = 1; number <= ALERTS; number++) {
          worstMs = Math.max(worstMs, await alert(number));
          await new Promise((resolve) => setTimeout(resolve, 200));
          const own = /VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${falco.pid}/status`));
          mostMb = Math.max(mostMb, Number(own?.[1] ?? 0) / 1024);
        }
        assert.ok(residentMb(falco.pid) > 0);
      } finally {
        const startMs = performance.now();
        await stop();
        stopMs = performance.now() - startMs;
      }
      const arrived = Deno.readTextFileSync(`${folder}/printing`).trim().split("\n").length;
      assert.equal(arrived, ALERTS);
      assert.ok(falco.log.some((line) => /output deaf: no end after 1 s/.test(line)), falco.log.join("\n"));
      assert.ok(mostMb < MAX_RESIDENT_MB, `${mostMb} MB`);
      assert.ok(worstMs < MAX_LATE_MS, `an alert came after ${worstMs} ms`);
      assert.ok(stopMs < 30_000, `the end took ${stopMs} ms`);
      return `${Math.round(mostMb)} MB at most, the latest alert after ${Math.round(worstMs)} ms, ` +
        `the end took ${(stopMs / 1000).toFixed(1)} s`;
    } finally {
      remove();
    }
  },
};

export default attack;
