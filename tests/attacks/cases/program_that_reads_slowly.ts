// A program for alerts that is slow, that ends by itself, and that is restarted by SIGUSR1 and by the end of falco.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { startMarked } from "../marked.ts";

const ALERTS = 12;
/** post.sh: takes its time for each line; ends.sh: takes one line and ends. */
const SETTINGS = `
program_output: {enabled: true, keep_alive: true, program: "while read x; do sleep 0.2; echo \\"$x\\" >> FOLDER/slow; done"}
sinks:
  - {type: program, name: ending, keep_alive: true, program: "read x; echo \\"$x\\" >> FOLDER/ending"}
`;

const attack: Attack = {
  aim: "lie",
  tries: "programs that read alerts slowly or end by themselves, SIGUSR1 and the end of falco meanwhile",
  isQuick: true,
  async run(target) {
    const { falco, folder, alert, stop, remove } = await startMarked(target, SETTINGS);
    try {
      try {
        for (let number = 1; number <= ALERTS; number++) {
          await alert(number);
          if (number === ALERTS / 2) Deno.kill(falco.pid, "SIGUSR1");
        }
      } finally {
        await stop();
      }
      for (const name of ["slow", "ending"]) {
        const lines = Deno.readTextFileSync(`${folder}/${name}`).trim().split("\n");
        // internal alerts of a busy machine come as well
        const numbers = lines.filter((line) => line.includes("attack-mark"))
          .map((line) => Number(/-(\d+)"/.exec(line)?.[1]));
        assert.deepEqual(
          numbers,
          Array.from({ length: ALERTS }, (_, i) => i + 1),
          `${name}\n${falco.log.join("\n")}`,
        );
      }
      assert.ok(
        !falco.log.some((line) => /could not be written|drops alerts/.test(line)),
        falco.log.join("\n"),
      );
      return `${ALERTS} of ${ALERTS} alerts arrived in order at both`;
    } finally {
      remove();
    }
  },
};

export default attack;
