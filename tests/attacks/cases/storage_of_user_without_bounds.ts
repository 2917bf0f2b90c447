// A logged-in user rewrites the files of their container storage as fast as they can: lists of a thousand containers with
// other names each time, each with a configuration of two megabytes and an image that no list knows, longer lists than
// are read, nested ones, and no list at all. Root's own storage has new containers meanwhile, and they have their names.

import assert from "node:assert/strict";
import { must } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { residentMb } from "../audited.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";

const MARK = "attack-mark-a81";
const RULE = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args %container.id %container.name"
  priority: WARNING
`;
const UID = 61_003;
const MODES = ["names", "many", "large", "nested", "removed"];
const EACH_MS = 6000;
const MAX_RESIDENT_MB = 400;
const MAX_LATE_MS = 1000;
/** What a user may make falco do, as a share of one processor, with what the rest of the host costs. */
const MAX_CPU_SHARE = 0.6;
const TICKS_PER_SECOND = 100;

/** Run by the user in their storage. */
const HOSTILE = `
import json, os, sys
mode = sys.argv[2]
os.chdir(sys.argv[1])
ids = ["%064x" % (i + 0xabc000) for i in range(20000 if mode == "many" else 1000)]
def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)
def item(at, turn):
    meta = json.dumps({"image-name": "img", "image-id": "%064x" % (at * 7919 + turn * 104729), "name": "n"})
    return {"id": ids[at], "names": ["n%d-%d" % (at, turn)], "metadata": meta}
if not os.path.isdir(ids[0]):
    os.makedirs("../overlay-images", exist_ok=True)
    big = json.dumps({"process": {"env": ["A=%d" % i for i in range(90000)], "user": {}}})
    write("big", big + " " * (2000000 - len(big)))
    write("../overlay-images/images.json", json.dumps([{"id": "x%d" % i, "digest": "d" * 60} for i in range(20000)]))
    for one in ids[:1000]:
        os.makedirs(one + "/userdata", exist_ok=True)
        os.link("big", one + "/userdata/config.json")
print("ready", flush=True)
texts = []
if mode == "names": texts = [json.dumps([item(at, turn) for at in range(1000)]) for turn in range(8)]
if mode == "many": texts = [json.dumps([item(at, turn) for at in range(20000)]) for turn in range(2)]
if mode == "large": texts = ['[{"id":"' + c * 9000000 + '"}]' for c in "ab"]
if mode == "nested": texts = [c * 2000000 for c in ("[", '{"a":')]
if mode == "removed": texts = ["[]", json.dumps([item(at, 0) for at in range(1000)])]
turn = 0
while True:
    for name in ("containers.json", "volatile-containers.json"):
        write(name, texts[turn % len(texts)])
    turn += 1
`;

/** Seconds of processor that a process has used. */
function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function startHostile(folder: string, storage: string, mode: string): Promise<Deno.ChildProcess> {
  const child = new Deno.Command("setpriv", {
    args: [
      ...[`--reuid=${UID}`, `--regid=${UID}`, "--clear-groups", "/usr/bin/python3"],
      ...[`${folder}/hostile.py`, storage, mode],
    ],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  reader.releaseLock();
  assert.ok(!done, "the user's program has ended");
  return child;
}

const attack: Attack = {
  aim: "starve",
  tries: `a user's container storage that is rewritten without end, ${EACH_MS / 1000} s each: ${
    MODES.join(", ")
  }`,
  isQuick: false,
  async run(target) {
    const folder = Deno.makeTempDirSync({ dir: "/var/tmp" });
    const storage = `${folder}/home/.local/share/containers/storage/overlay-containers`;
    const rootStorage = `${folder}/root-storage/overlay-containers`;
    const cgroups = ScratchCgroups.open();
    const figures: string[] = [];
    const ids: string[] = [];
    try {
      await must("mkdir", "-p", `/run/user/${UID}`, storage, rootStorage);
      await must("chmod", "755", folder);
      await must("chown", "-R", `${UID}:${UID}`, `${folder}/home`, `/run/user/${UID}`);
      Deno.writeTextFileSync(`${folder}/rules.yaml`, RULE);
      Deno.writeTextFileSync(`${folder}/hostile.py`, HOSTILE);
      const passwd = `${
        Deno.readTextFileSync("/etc/passwd").trimEnd()
      }\nmallory:x:${UID}:${UID}::${folder}/home:/bin/sh\n`;
      Deno.writeTextFileSync(`${folder}/passwd`, passwd);
      const script = 'mkdir -p /var/lib/containers/storage && mount --bind "$0/passwd" /etc/passwd && ' +
        'mount --bind "$0/root-storage" /var/lib/containers/storage && exec "$@"';
      const falco = await target.start(
        ["-v", "-r", `${folder}/rules.yaml`, "-o", "engine.kind=modern_ebpf"],
        ["unshare", "--mount", "sh", "-c", script, folder],
      );
      try {
        /** A container of root's: in the list, then its configuration, then its first process. */
        const start = async () => {
          const number = ids.push(`${(0xf00d0000 + ids.length).toString(16)}`.padEnd(64, "5"));
          const id = ids[number - 1]!;
          const list = ids.map((one, at) => ({ id: one, names: [`roots-${at + 1}`], metadata: "{}" }));
          Deno.writeTextFileSync(`${rootStorage}/new`, JSON.stringify(list));
          Deno.mkdirSync(`${rootStorage}/${id}/userdata`, { recursive: true });
          Deno.writeTextFileSync(`${rootStorage}/${id}/userdata/config.json`, "{}");
          Deno.renameSync(`${rootStorage}/new`, `${rootStorage}/containers.json`);
          // the user's own containers, about which the storage is asked
          const ofUser = (0xabc000 + number).toString(16).padStart(64, "0");
          await cgroups.run(`/user.slice/user-${UID}.slice/libpod-${ofUser}.scope`, "/bin/true");
          const mark = `${MARK}-${number}-`;
          await cgroups.run(`/machine.slice/libpod-${id}.scope`, "/bin/true", mark);
          const ranMs = performance.now();
          const isThis = ({ output }: { output: string }) => output.includes(mark);
          const alert = await falco.alert("Marked command", isThis, 20_000);
          return {
            lateMs: Math.max(0, alert.arrivedMs - ranMs),
            isNamed: alert.output_fields["container.name"] === `roots-${number}`,
          };
        };
        await start();
        for (const mode of MODES) {
          const hostile = await startHostile(folder, storage, mode);
          const [beginMs, beginSeconds] = [performance.now(), cpuSeconds(falco.pid)];
          let worstMs = 0, mostMb = 0, named = 0, started = 0;
          try {
            while (performance.now() < beginMs + EACH_MS) {
              const { lateMs, isNamed } = await start();
              started++;
              if (isNamed) named++;
              worstMs = Math.max(worstMs, lateMs);
              mostMb = Math.max(mostMb, residentMb(falco.pid));
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
          } finally {
            hostile.kill("SIGKILL");
            await Promise.all([hostile.status, hostile.stdout.cancel()]);
          }
          const share = (cpuSeconds(falco.pid) - beginSeconds) / (performance.now() - beginMs) * 1000;
          figures.push(
            `${mode} ${Math.round(mostMb)} MB ${Math.round(worstMs)} ms ${Math.round(share * 100)} % ` +
              `${named} of ${started} named`,
          );
          assert.ok(mostMb < MAX_RESIDENT_MB, figures.join(", "));
          assert.ok(worstMs < MAX_LATE_MS, figures.join(", "));
          assert.ok(share < MAX_CPU_SHARE, figures.join(", "));
          assert.ok(named > 0, figures.join(", "));
        }
      } finally {
        await falco.stop();
      }
      return figures.join(", ");
    } finally {
      cgroups.close();
      Deno.removeSync(folder, { recursive: true });
      Deno.removeSync(`/run/user/${UID}`);
    }
  },
};

export default attack;
