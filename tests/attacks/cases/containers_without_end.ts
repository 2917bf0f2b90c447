// A user invents containers without end, each with a process in it, while the user's own engine answers no question about them:
// the first event of each waits as long as events wait for facts, and what others do waits with it: never for long, and part of the time only.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";
import { Stranger } from "../stranger.ts";
import { run } from "../../live/lab.ts";

const MARK = "attack-mark-8e2";
const RULES = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains ${MARK}
  output: "%proc.args"
  priority: WARNING
`;
/** Longer than the time lasts that is there at once (docs/containers.md): of 12 s for this user each second takes one and gives back 0.4. */
const LASTS_MS = 60_000;
const EVERY_MS = 100;
/** What events may wait for the containers of one party, by its outermost folder of cgroups. */
const HELD_AT_MOST_MS = 14_000 + 0.45 * LASTS_MS;
/** Half a second (`metadata.wait_ms`), one more where falco gets no CPU; as much again is this machine's. */
const MAX_LATE_MS = 3000;

const attack: Attack = {
  aim: "starve",
  tries: `containers that are made without end by a user whose engine does not answer, for ${
    LASTS_MS / 1000
  } s`,
  isQuick: false,
  async run(target) {
    using rules = new RulesFile(RULES);
    const cgroups = ScratchCgroups.open();
    const stranger = Stranger.logIn();
    const late: number[] = [];
    try {
      await stranger.start("user_engine.ts", stranger.podmanSocket, "silent", "be".repeat(32));
      const falco = await target.start(["-v", "-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
      try {
        const inventor = stranger.startInCgroup(
          cgroups.make(`/user.slice/user-${stranger.uid}.slice`),
          "container_inventor.sh",
        );
        try {
          const endMs = performance.now() + LASTS_MS;
          const alerts: Promise<void>[] = [];
          for (let turn = 0; performance.now() < endMs; turn++) {
            const mark = `${MARK}-${turn}-`;
            await run("/bin/true", mark);
            const ranMs = performance.now();
            const alert = falco.alert("Marked command", ({ output }) => output.includes(mark));
            alerts.push(alert.then(({ arrivedMs }) => void late.push(arrivedMs - ranMs)));
            await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
          }
          await Promise.all(alerts);
        } finally {
          inventor.kill("SIGTERM");
          await inventor.status;
        }
      } finally {
        await falco.stop();
      }
      late.sort((a, b) => a - b);
      const at = (share: number) => `${Math.round(late[Math.floor(share * (late.length - 1))]!)} ms`;
      const figures = `${late.length} alerts, late by ${at(0.5)} (median), ${at(0.99)} (99 %), ${
        at(1)
      } (most)`;
      const count = (name: string) =>
        Number(falco.log.map((line) => new RegExp(` ${name} (\\d+)$`).exec(line)?.[1]).findLast(Boolean));
      const heldMs = Math.round(count("containers_wait_ns") / 1e6);
      const told = `${
        count("containers_asked")
      } containers, for which events were held ${heldMs} ms in all; ${figures}`;
      // otherwise the user has not got as far as the bound
      assert.ok(count("containers_over_budget") > 0, told);
      assert.ok(heldMs < HELD_AT_MOST_MS, told);
      assert.equal(count("drops"), 0, told);
      assert.ok(late.at(-1)! < MAX_LATE_MS, told);
      return told;
    } finally {
      await stranger.logOut();
      cgroups.close();
    }
  },
};

export default attack;
