// Processes whose names, arguments, environment, folders, threads and descriptors are whatever a user wants: what /proc
// then says, some of them from before falco has started.

import { must } from "../../live/lab.ts";
import { Repeat, run, type Stranger, sum } from "../stranger.ts";

const SOURCE = new URL("../odd_process.c", import.meta.url).pathname;
const NOBODY = 65_534;
const AT_ONCE = 4;
const AT_START = 120;
const SECONDS_AT_START = 3600;

export default {
  name: "/proc texts",
  async prepare({ folder, random }) {
    const program = `${folder}/odd_process`;
    await must("cc", "-O1", "-pthread", "-o", program, SOURCE);
    await Deno.chmod(program, 0o755);
    const options = { cwd: "/tmp", uid: NOBODY, gid: NOBODY } as const;
    const before = new Deno.Command(program, {
      ...options,
      args: [String(random.below(2 ** 31)), String(AT_START), String(SECONDS_AT_START)],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const once = async () => {
      await run("timeout", ["-s", "KILL", "20", program, String(random.below(2 ** 31)), "40", "0"], options);
      return "40 processes";
    };
    // some of them wait a second, for their peers
    const repeats = Array.from({ length: AT_ONCE }, () => new Repeat(() => random.pick([1, 30, 100]), once));
    return {
      start: () => repeats.forEach((repeat) => repeat.start()),
      counts: () => ({ ...sum(repeats.map((repeat) => repeat.counts())), "process from before": AT_START }),
      stop: async () => {
        // its children end with it
        before.kill("SIGKILL");
        await before.status;
        await Promise.all(repeats.map((repeat) => repeat.stop()));
      },
    };
  },
} satisfies Stranger;
