// A command whose arguments hold line ends, escape sequences and what looks like another alert.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { run } from "../../live/lab.ts";

const RULE = `
- rule: Marked command
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains attack-mark-7f3
  output: "command %proc.cmdline"
  priority: WARNING
`;
const FORGED = '\u001b[2J\n{"rule":"Forged alert","priority":"Critical","output":"x","output_fields":{}}\n';

const attack: Attack = {
  aim: "lie",
  tries: "line ends, escape sequences and a forged alert among a command's arguments",
  isQuick: true,
  async run(target) {
    using rules = new RulesFile(RULE);
    const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
    try {
      await run("/bin/true", "attack-mark-7f3", FORGED);
      const { output } = await falco.alert("Marked command");
      // read out of JSON it is what it was; FalcoProcess reads a line as one alert
      assert.ok(output.endsWith(FORGED));
      assert.equal(falco.alerts.filter(({ rule }) => rule === "Forged alert").length, 0);
      return "one alert, in one line, nothing of it lost";
    } finally {
      await falco.stop();
    }
  },
};

export default attack;
