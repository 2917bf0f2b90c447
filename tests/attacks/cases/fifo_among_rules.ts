// Anyone who may write to a folder of rules or settings puts there what is no file, while falco runs.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { must, run } from "../../live/lab.ts";

const rule = (name: string) => `
- rule: ${name}
  desc: a command with a mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains rules-mark
  output: "command %proc.cmdline"
  priority: WARNING
`;

const PYTHON = `
import os, socket, sys
os.chdir(sys.argv[1])
kind = sys.argv[2]
name = "50.yaml"
if os.path.lexists(name): os.unlink(name)
if kind == "fifo": os.mkfifo(name)
if kind == "socket": socket.socket(socket.AF_UNIX).bind(name)
if kind == "device": os.symlink("/dev/zero", name)
if kind == "kernel's own": os.symlink("/proc/kmsg", name)
if kind == "dangling link": os.symlink("nowhere", name)
if kind == "circle": os.symlink(name, name)
if kind == "too large": open(name, "w").truncate(1 << 40)
if kind == "not utf-8": os.close(os.open(b"\\xff\\xfe.yaml", os.O_CREAT | os.O_WRONLY))
`;

const REFUSED = {
  "fifo": /it is a FIFO/,
  "dangling link": /leads to nothing/,
  "socket": /it is a socket/,
  "device": /it is a character device/,
  "kernel's own": /the kernel makes up its content/,
  "circle": /lead in a circle/,
  "too large": /larger than 16 MiB/,
  "not utf-8": /its name is not UTF-8/,
} as const;

const attack: Attack = {
  aim: "blind",
  tries:
    "a FIFO, socket, device, circle, dangling link, endless file or name that is not UTF-8 among the rules",
  isQuick: true,
  async run(target) {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.mkdirSync(`${folder}/rules.d`);
      Deno.mkdirSync(`${folder}/config.d`);
      Deno.writeTextFileSync(`${folder}/rules.d/10.yaml`, rule("First"));
      Deno.writeTextFileSync(`${folder}/falco.yaml`, `config_files: [${folder}/config.d]\n`);
      Deno.writeTextFileSync(`${folder}/make.py`, PYTHON);
      const falco = await target.start([
        ...["-c", `${folder}/falco.yaml`, "-r", `${folder}/rules.d`, "-o", "engine.kind=modern_ebpf"],
      ]);
      const evaluated = async (by: string, mark: string) => {
        await run("/bin/true", `rules-mark-${mark}`);
        await falco.alert(by, ({ output }) => output.includes(`rules-mark-${mark}`));
      };
      const logged = async (what: RegExp) => {
        const limitMs = performance.now() + 8000;
        while (!falco.log.some((line) => what.test(line))) {
          assert.ok(
            performance.now() < limitMs,
            `no line ${what} in the log:\n${falco.log.slice(-10).join("\n")}`,
          );
          await new Promise((next) => setTimeout(next, 20));
        }
      };
      try {
        for (const [kind, reason] of Object.entries(REFUSED)) {
          await must("python3", `${folder}/make.py`, `${folder}/rules.d`, kind);
          await logged(reason);
          await evaluated("First", kind.replaceAll(/[^a-z]/g, "-"));
        }
        await must("python3", `${folder}/make.py`, `${folder}/config.d`, "fifo");
        await logged(/config_files: .*50\.yaml is skipped: it is a FIFO/);
        // and what is right again is loaded
        await must("find", `${folder}/rules.d`, "-name", "*.yaml", "!", "-name", "10.yaml", "-delete");
        Deno.writeTextFileSync(`${folder}/rules.d/10.yaml`, rule("Second"));
        await logged(/reloaded after/);
        await evaluated("Second", "after");
      } finally {
        assert.equal(await falco.stop("SIGTERM"), 0);
      }
      return `${
        Object.keys(REFUSED).length
      } kinds refused in words, an alert after each, and new rules at the end`;
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
