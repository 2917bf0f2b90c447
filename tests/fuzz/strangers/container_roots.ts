// Containers whose own files of users and groups are no such files: FIFOs, devices, links out, holes, lines of any bytes,
// exchanged while they are read.

import { must } from "../../live/lab.ts";
import { hostileText } from "../hostile_text.ts";
import { OwnCgroups } from "../own_cgroups.ts";
import type { Random } from "../random.ts";
import { Repeat, run, type Stranger, sum } from "../stranger.ts";

const SOURCE = new URL("../odd_process.c", import.meta.url).pathname;
const ROOTS = 6;
const SCRIPT = `echo $$ > "$1/cgroup.procs" && shift && exec "$@"`;

export default {
  name: "container roots",
  async prepare({ folder, random }) {
    const program = `${folder}/rest`;
    await must("cc", "-O1", "-static", "-pthread", "-o", program, SOURCE);
    const cgroups = OwnCgroups.open("roots");
    const one = async (at: number): Promise<string> => {
      const root = `${folder}/root-${at}`;
      await Deno.mkdir(`${root}/etc`, { recursive: true });
      await Deno.copyFile(program, `${root}/rest`).catch(() => {});
      let what = "";
      for (const name of ["passwd", "group"]) what = await spoil(`${root}/etc/${name}`, random);
      const cgroup = `${cgroups.home}/docker/${random.hex(64)}`;
      await Deno.mkdir(cgroup, { recursive: true });
      const inUserNamespace = random.chance(0.3) ? ["unshare", "--user", "--map-root-user"] : [];
      const command = [
        ...inUserNamespace,
        "chroot",
        root,
        "/rest",
        "1",
        "0",
        random.pick(["0", "0", "1", "7"]),
      ];
      const running = run("/bin/sh", ["-c", SCRIPT, "sh", cgroup, ...command]);
      if (random.chance(0.5)) await spoil(`${root}/etc/passwd`, random);
      await running;
      await cgroups.remove(cgroup);
      return `container with ${what}`;
    };
    const repeats = Array.from({ length: ROOTS }, (_, at) => new Repeat(() => 20, () => one(at)));
    return {
      start: () => repeats.forEach((repeat) => repeat.start()),
      counts: () => sum(repeats.map((repeat) => repeat.counts())),
      stop: async () => {
        await Promise.all(repeats.map((repeat) => repeat.stop()));
        await cgroups.close();
      },
    };
  },
} satisfies Stranger;

async function spoil(path: string, random: Random): Promise<string> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
  switch (random.below(7)) {
    case 0:
      await run("mkfifo", [path]);
      return "a FIFO";
    case 1:
      await Deno.symlink(
        random.pick([path, "/dev/zero", "/proc/kmsg", "/../../etc/shadow", "nowhere"]),
        path,
      );
      return "a link";
    case 2:
      await run("mknod", [path, "c", "1", random.pick(["5", "8"])]);
      return "a device";
    case 3: {
      using file = await Deno.create(path);
      await file.truncate(random.pick([1 << 20, 1 << 34]));
      return "holes";
    }
    case 4:
      await Deno.mkdir(path);
      return "a folder";
    case 5:
      await Deno.writeFile(path, random.bytes(random.pick([10, 10_000])));
      return "any bytes";
    default: {
      const line = (at: number) =>
        `${random.chance(0.5) ? `u${at}` : hostileText(random).slice(0, 300)}:x:${
          random.pick([at, -1, 2 ** 32, 0])
        }:${at}:${hostileText(random).slice(0, 300)}:/:/bin/sh`;
      const lines = Array.from({ length: random.pick([1, 100, 3000]) }, (_, at) => line(at));
      await Deno.writeTextFile(path, lines.join("\n"));
      return "odd lines";
    }
  }
}
