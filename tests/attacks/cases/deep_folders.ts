// A program in folders so deep that its path fits no buffer, whose last folders are called usr/bin: with its head cut off
// it would pass for a program of the system.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { must } from "../../live/lab.ts";

const RULE = `
- rule: Deep program
  desc: a program with the mark among its arguments
  condition: evt.type = execve and evt.res = SUCCESS and proc.args contains attack-mark-d33 and proc.name = deep_true
  output: "%proc.exepath"
  priority: WARNING
`;
const SCRIPT = `
import os, shutil, sys
os.chdir(sys.argv[1])
for i in range(60):
    name = "e" * 100; os.mkdir(name); os.chdir(name)
for i in range(4):
    for name in ("f" * int(sys.argv[2]), "usr", "bin"): os.mkdir(name); os.chdir(name)
shutil.copy("/bin/true", "deep_true")
if os.fork() == 0: os.execv("./deep_true", ["deep_true", "attack-mark-d33"])
os.wait()
`;

const attack: Attack = {
  aim: "lie",
  tries: "a program below folders that are too deep, of which the last ones are usr/bin",
  isQuick: true,
  async run(target) {
    using rules = new RulesFile(RULE);
    const folder = Deno.makeTempDirSync({ prefix: "falco-deep-" });
    const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
    try {
      const bytes = [200, 201, 210, 220, 230, 240, 250];
      for (const length of bytes) {
        const place = `${folder}/${length}`;
        Deno.mkdirSync(place);
        await must("python3", "-c", SCRIPT, place, `${length}`);
        const { output } = await falco.alert("Deep program", ({ output }) => output.includes(place));
        const path = output.replace(/^\S+ \S+ /, "");
        assert.ok(path.startsWith(`${place}/eeee`), path.slice(0, 100));
        assert.match(path, /\/\.\.\.\/.*\/usr\/bin\/deep_true$/);
      }
      return `${bytes.length} paths begin where they begin, and their middle is left out`;
    } finally {
      await falco.stop();
      await must("rm", "-rf", folder);
    }
  },
};

export default attack;
