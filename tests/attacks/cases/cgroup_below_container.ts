// A process of a container moves into cgroups that it has made below its own: plain ones, some called like the host's
// or like another container's, and one so deep that its path is cut. A container's systemd does the same every day.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";

const RULE = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains attack-mark-9c1
  output: "%proc.args %container.id %thread.cgroups"
  priority: WARNING
`;
const OWN = "c0ffee".padEnd(64, "1");
const OTHER = "decade".padEnd(64, "2");
const CONTAINER = `/docker/${OWN}`;
const BELOW = [
  ...["", "x", "init.scope", "system.slice/sshd.service", "lxc.payload.host", "default/host"],
  ...[`docker-${OTHER}.scope`, `libpod-${OTHER}`, OTHER, `user.slice/user-1000.slice/docker-${OTHER}.scope`],
  `${"deeper/".repeat(20)}${OTHER}`,
  `${"d".repeat(250)}/`.repeat(11) + `libpod-${OTHER}`,
];

const attack: Attack = {
  aim: "lie",
  tries: "moving into cgroups below the container's: out of it, or into another container by name",
  isQuick: true,
  async run(target) {
    const cgroups = ScratchCgroups.open();
    using rules = new RulesFile(RULE);
    try {
      const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
      try {
        for (const [i, below] of BELOW.entries()) {
          await cgroups.run(`${CONTAINER}/${below}`, "/bin/true", `attack-mark-9c1-${i}-`);
          const isThis = ({ output }: { output: string }) => output.includes(`attack-mark-9c1-${i}-`);
          const { output_fields, output } = await falco.alert("Marked command", isThis);
          assert.equal(output_fields["container.id"], OWN.slice(0, 12), `${below} ${output}`);
        }
      } finally {
        await falco.stop();
      }
      return `${BELOW.length} places, all reported with the container's own id`;
    } finally {
      cgroups.close();
    }
  },
};

export default attack;
