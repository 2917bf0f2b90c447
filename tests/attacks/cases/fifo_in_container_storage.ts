// A logged-in user fills the folder of their container storage, which is watched by default, with FIFOs, sockets, links,
// names that are not UTF-8 and files without end.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { must, run } from "../../live/lab.ts";

const RULE = `
- rule: Marked command
  desc: a command with a mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains storage-mark
  output: "command %proc.cmdline"
  priority: WARNING
`;
const UID = 65534;

/** Run by the user in their storage: $0 names a python program. */
const HOSTILE = `
import os, socket, sys
os.chdir(sys.argv[1])
def fifo(name):
    os.mkfifo(name)
round = int(sys.argv[2])
if round == 0:
    fifo("containers.json")
    socket.socket(socket.AF_UNIX).bind("volatile-containers.json")
    os.mkdir("../overlay-images")
    fifo("../overlay-images/images.json")
for i in range(500):
    fifo("f%d-%d" % (round, i))
    fifo(b"\\xff\\xfe%d-%d" % (round, i))
    os.symlink("loop%d-%d" % (round, i), "loop%d-%d" % (round, i))
if round == 1:
    os.unlink("containers.json")
    os.symlink("/dev/zero", "containers.json")
if round == 2:
    os.unlink("containers.json")
    with open("containers.json", "w") as file:
        file.truncate(1 << 40)
if round == 3:
    os.unlink("containers.json")
    ids = ["%064x" % i for i in range(3)]
    with open("new", "w") as file:
        file.write("[" + ",".join('{"id":"%s","names":["x"],"metadata":"{}"}' % id for id in ids) + "]")
    for id in ids:
        os.makedirs(id + "/userdata")
        fifo(id + "/userdata/config.json")
    os.rename("new", "containers.json")
if round == 4:
    os.chdir("..")
    for i in range(50):
        os.rename("overlay-containers", "away")
        os.symlink("away", "overlay-containers")
        os.unlink("overlay-containers")
        os.rename("away", "overlay-containers")
`;
const ROUNDS = 5;

const attack: Attack = {
  aim: "blind",
  tries: "FIFOs, sockets, links, names that are not UTF-8 and endless files in a user's container storage",
  isQuick: true,
  async run(target) {
    const folder = Deno.makeTempDirSync();
    const storage = `${folder}/home/.local/share/containers/storage/overlay-containers`;
    const runtime = `/run/user/${UID}`;
    const isOurs = await run("mkdir", "-p", "/run/user").then(() => run("mkdir", runtime)).then(({ code }) =>
      code === 0
    );
    try {
      Deno.mkdirSync(storage, { recursive: true });
      await must("chmod", "755", folder);
      await must("chown", "-R", `${UID}:${UID}`, `${folder}/home`);
      Deno.writeTextFileSync(`${folder}/rules.yaml`, RULE);
      Deno.writeTextFileSync(`${folder}/hostile.py`, HOSTILE);
      const others = Deno.readTextFileSync("/etc/passwd").split("\n").filter((line) =>
        line.split(":")[2] !== String(UID)
      );
      const passwd = [...others, `mallory:x:${UID}:${UID}::${folder}/home:/bin/sh`, ""].join("\n");
      Deno.writeTextFileSync(`${folder}/passwd`, passwd);
      const bound = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount --bind "$0/passwd" /etc/passwd && exec "$@"',
        folder,
      ];
      const falco = await target.start(
        ["-r", `${folder}/rules.yaml`, "-o", "engine.kind=modern_ebpf"],
        bound,
      );
      try {
        for (let round = 0; round < ROUNDS; round++) {
          await must(
            ...["setpriv", `--reuid=${UID}`, `--regid=${UID}`, "--clear-groups", "/usr/bin/python3"] as const,
            `${folder}/hostile.py`,
            storage,
            String(round),
          );
          const mark = `storage-mark-${round}`;
          await run("/bin/true", mark);
          await falco.alert("Marked command", ({ output }) => output.includes(mark));
        }
        assert.ok(falco.log.some((line) => line.includes(storage)), "the storage is watched");
      } finally {
        assert.equal(await falco.stop("SIGTERM"), 0);
      }
      return `an alert after each of ${ROUNDS} rounds, and SIGTERM ended it`;
    } finally {
      if (isOurs) Deno.removeSync(runtime);
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
