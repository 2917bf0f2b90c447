// Owners of delegated cgroups, who name the folders below as they like: forged ids, ids in ids, thousands of them.

import { hostileText } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { Repeat, type Stranger } from "../stranger.ts";

const ROOTS = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup"];

export default {
  name: "cgroup names",
  prepare({ random }) {
    const chance = random.fork("cgroups");
    const root = ROOTS.find((path) => isThere(`${path}/cgroup.procs`)) ?? "";
    const home = `${root}/falco-fuzz-${Deno.pid}`;
    if (root !== "") Deno.mkdirSync(home, { recursive: true });
    const repeat = new Repeat(() => 2, async () => {
      const path = `${home}/${nameOf(chance)}`.slice(0, 3000);
      await Deno.mkdir(path, { recursive: true });
      const script = 'echo $$ > "$1/cgroup.procs" && cat /etc/hostname';
      await new Deno.Command("sh", {
        args: ["-c", script, "sh", path],
        stdin: "null",
        stdout: "null",
        stderr: "null",
      })
        .output();
      for (let at = path; at !== home; at = at.slice(0, at.lastIndexOf("/"))) {
        await Deno.remove(at).catch(() => {});
      }
      return "process in a cgroup of its own";
    });
    return {
      start: () => root === "" ? undefined : repeat.start(),
      counts: () => root === "" ? { "skipped: no cgroup can be made": 1 } : repeat.counts(),
      stop: async () => {
        await repeat.stop();
        if (isThere(home)) removeTree(home);
      },
    };
  },
} satisfies Stranger;

function nameOf(random: Random): string {
  const id = random.chance(0.7) ? random.hex(64) : random.hex(random.below(80) + 1);
  const one = () =>
    random.pick([
      `docker-${id}.scope`,
      `docker/${id}`,
      `libpod-${id}.scope`,
      `libpod-payload-${id}`,
      `cri-containerd-${id}.scope`,
      `crio-${id}.scope`,
      `lxc.payload.${random.hex(6)}`,
      `lxc.payload.host`,
      `kubepods.slice/kubepods-pod${random.hex(32)}.slice/cri-containerd-${id}.scope`,
      id,
      hostileText(random).replaceAll(/[/\0\n]/g, "_").slice(0, 100) || "x",
    ]);
  return random.chance(0.3) ? `${one()}/${one()}` : one();
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Files of a cgroup cannot be removed, and need not be. */
function removeTree(path: string): void {
  for (const entry of Deno.readDirSync(path)) if (entry.isDirectory) removeTree(`${path}/${entry.name}`);
  try {
    Deno.removeSync(path);
  } catch {
    // a process in it is about to end
  }
}
