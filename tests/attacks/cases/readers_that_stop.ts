// Who reads standard output dies, who reads the log stops reading and then dies: alerts go on into a file.

import assert from "node:assert/strict";
import { until } from "../../outputs/outgoing_alerts.ts";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";

const RULE = `
- rule: Marked command
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains attack-reader-91
  output: "command %proc.cmdline"
  priority: WARNING
`;
/** with more lines of the log than a pipe holds */
const RELOADS = 100;

const attack: Attack = {
  aim: "blind",
  tries: "readers of standard output and of the log that stop reading, and die",
  isQuick: true,
  async run(target) {
    const folder = Deno.makeTempDirSync();
    const rules = `${folder}/rules.yaml`, alerts = `${folder}/alerts.txt`;
    Deno.writeTextFileSync(rules, RULE);
    Deno.writeTextFileSync(alerts, "");
    const [program = "", ...args] = target.command;
    const child = new Deno.Command(program, {
      args: [
        ...args,
        ...["-r", rules, "-o", "json_output=true", "-o", "file_output.enabled=true"],
        ...["-o", `file_output.filename=${alerts}`, "-o", "watch_config_files=false"],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    try {
      const log = child.stderr.getReader();
      for (let text = ""; !/watching system calls/.test(text);) {
        const { value, done } = await log.read();
        assert.ok(!done, text);
        text += new TextDecoder().decode(value);
      }
      const written = () => Number(Deno.readTextFileSync(alerts).split("\n").length - 1);
      const expectAlert = async (number: number) => {
        await run("/bin/true", "attack-reader-91");
        await until(`alert ${number} in the file`, () => written() >= number);
      };
      await expectAlert(1);
      await child.stdout.cancel();
      await expectAlert(2);
      await expectAlert(3);
      // nobody reads, and each reload has much to say
      Deno.writeTextFileSync(rules, RULE + "- rule: R\n  condition: none.such = 1\n".repeat(200));
      for (let i = 0; i < RELOADS; i++) {
        child.kill("SIGHUP");
        await expectAlert(4 + i);
      }
      await expectAlert(3 + RELOADS);
      await log.cancel();
      child.kill("SIGHUP");
      await expectAlert(4 + RELOADS);
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      return `${4 + RELOADS} alerts in the file, SIGTERM ends it with exit code 0`;
    } finally {
      try {
        child.kill("SIGKILL");
      } catch {
        // it has ended
      }
      await child.status;
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
