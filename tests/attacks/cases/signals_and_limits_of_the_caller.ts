// What starts falco has blocked every signal, and lets no file grow beyond some bytes: a session, a wrapper, a limit of PAM.

import assert from "node:assert/strict";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";

const FILE_BYTES = 8 << 20;
const ALERTS = 40;

const WRAPPER = `
import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (${FILE_BYTES}, ${FILE_BYTES}))
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.execvp(sys.argv[1], sys.argv[1:])
`;

const attack: Attack = {
  aim: "blind",
  tries: "to start falco with every signal blocked and files that may not grow",
  isQuick: true,
  async run(target) {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/alerts`;
    try {
      Deno.writeTextFileSync(`${folder}/wrapper.py`, WRAPPER);
      Deno.writeTextFileSync(
        `${folder}/rules.yaml`,
        `
- rule: Marked
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains caller-mark
  output: "marked %proc.args"
  priority: WARNING
`,
      );
      // as far as it may go, so that no alert has room
      Deno.writeTextFileSync(file, "");
      Deno.truncateSync(file, FILE_BYTES);
      const settings = [
        "engine.kind=modern_ebpf",
        "webserver.enabled=false",
        "file_output.enabled=true",
        `file_output.filename=${file}`,
      ].flatMap((setting) => ["-o", setting]);
      const falco = await target.start(
        ["-r", `${folder}/rules.yaml`, ...settings],
        ["python3", `${folder}/wrapper.py`],
      );
      for (let i = 0; i < ALERTS; i++) await run("/bin/true", `caller-mark-${i}-`);
      await falco.alert("Marked", ({ output }) => output.includes(`-${ALERTS - 1}-`));
      await falco.logged((log) => log.some((line) => /file_output|File too large/.test(line)));
      assert.equal(Deno.statSync(file).size, FILE_BYTES);
      assert.equal(await falco.stop("SIGTERM"), 0);
      return `${ALERTS} alerts on standard output, the full file is told, SIGTERM ends it in order`;
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
