// The disk under spool, captures and the file of alerts hangs, as during a snapshot or when its network is gone.

import { until } from "../../outputs/outgoing_alerts.ts";
import { FrozenDisk, frozenDiskRefusal } from "../../live/frozen_disk.ts";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";

const PORT = 18_932;
const RULE = `
- rule: Marked command
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains attack-disk-5
  output: "command %proc.args"
  priority: WARNING
  capture: true
`;
const ALERTS = 20;

const attack: Attack = {
  aim: "blind",
  tries: "a disk that hangs under spool, captures and the file of alerts",
  isQuick: false,
  refusal: frozenDiskRefusal,
  async run(target) {
    const disk = await FrozenDisk.make();
    using rules = new RulesFile(RULE);
    const falco = await target.start([
      ...[
        "-r",
        rules.path,
        "-o",
        "file_output.enabled=true",
        "-o",
        `file_output.filename=${disk.folder}/alerts.txt`,
      ],
      ...[
        "-o",
        "spool.enabled=true",
        "-o",
        `spool.directory=${disk.folder}/spool`,
        "-o",
        "capture.enabled=true",
      ],
      ...["-o", `capture.path_prefix=${disk.folder}/capture`, "-o", "capture.min_free_mb=0"],
      ...["-o", "webserver.enabled=true", "-o", `webserver.listen_port=${PORT}`],
    ]);
    try {
      const mark = async (number: number) => {
        await run("/bin/true", `attack-disk-5-${number}`);
        const alert = await falco.alert("Marked command", ({ output }) => output.endsWith(`-5-${number}`));
        return alert.arrivedMs;
      };
      await mark(0);
      await until(
        "a capture has begun",
        () => [...Deno.readDirSync(disk.folder)].some(({ name }) => name.endsWith(".scap")),
      );
      await disk.freeze();
      let slowestMs = 0, slowestHealthMs = 0;
      for (let number = 1; number <= ALERTS; number++) {
        const startMs = performance.now();
        slowestMs = Math.max(slowestMs, await mark(number) - startMs);
        const askedMs = performance.now();
        const response = await fetch(`http://127.0.0.1:${PORT}/healthz`);
        await response.body?.cancel();
        slowestHealthMs = Math.max(slowestHealthMs, performance.now() - askedMs);
      }
      Deno.kill(falco.pid, "SIGTERM");
      // the kernel keeps a thread that waits for a frozen disk; all that is falco's to do has been done
      await falco.logged((log) => log.some((line) => /events in .*, \d+ alerts/.test(line)), 40_000);
      await disk.thaw();
      return `${ALERTS} alerts on standard output, the slowest after ${
        Math.round(slowestMs)
      } ms; health after ` +
        `${Math.round(slowestHealthMs)} ms; SIGTERM is heard`;
    } finally {
      await disk.thaw();
      await falco.stop().catch(() => {});
      await disk.remove();
    }
  },
};

export default attack;
