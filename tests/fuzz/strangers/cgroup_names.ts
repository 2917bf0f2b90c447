// Owners of delegated cgroups, who name the folders below as they like: forged ids, ids in ids, thousands of them.

import { hostileText } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { OwnCgroups } from "../own_cgroups.ts";
import { Repeat, run, type Stranger } from "../stranger.ts";

const AT_ONCE = 20;
const SCRIPT = `for path; do echo $$ > "$path/cgroup.procs" && /bin/true; done; echo $$ > "$0/cgroup.procs"`;

export default {
  name: "cgroup names",
  prepare({ random, user }) {
    const cgroups = OwnCgroups.open("names");
    const repeat = new Repeat(() => random.pick([1, 1, 50]), async () => {
      const count = random.pick([1, AT_ONCE]);
      const paths = Array.from(
        { length: count },
        () => `${cgroups.home}/${nameOf(random, user)}`.slice(0, 3000).replace(/\/+$/, ""),
      );
      for (const path of paths) await Deno.mkdir(path, { recursive: true }).catch(() => {});
      await run("/bin/sh", ["-c", SCRIPT, cgroups.home, ...paths]);
      for (const path of paths) await cgroups.remove(path);
      return `process in ${count === 1 ? "a cgroup" : `${count} cgroups`} of its own`;
    });
    return {
      start: () => repeat.start(),
      counts: () => repeat.counts(),
      stop: async () => {
        await repeat.stop();
        await cgroups.close();
      },
    };
  },
} satisfies Stranger;

function nameOf(random: Random, user: number): string {
  const id = random.chance(0.7) ? random.hex(64) : random.hex(random.below(80) + 1);
  const one = () =>
    random.pick([
      `docker-${id}.scope`,
      `docker/${id}`,
      `user.slice/user-${user}.slice/libpod-${id}.scope`,
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
