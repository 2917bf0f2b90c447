// Processes whose names, arguments, environment, folders and threads are whatever a user wants: what /proc then says.

import { must } from "../../live/lab.ts";
import { Repeat, type Stranger } from "../stranger.ts";

const SOURCE = new URL("../odd_process.c", import.meta.url).pathname;

export default {
  name: "/proc texts",
  async prepare({ folder, random }) {
    const chance = random.fork("processes");
    const program = `${folder}/odd_process`;
    await must("cc", "-O1", "-pthread", "-o", program, SOURCE);
    await Deno.chmod(folder, 0o755);
    const repeat = new Repeat(() => chance.pick([1, 30]), async () => {
      const args = [String(chance.below(2 ** 31)), "40"];
      await new Deno.Command(program, {
        args,
        cwd: "/tmp",
        stdin: "null",
        stdout: "null",
        stderr: "null",
        uid: 65534,
      })
        .output();
      return "40 processes";
    });
    return {
      start: () => repeat.start(),
      counts: () => repeat.counts(),
      stop: () => repeat.stop(),
    };
  },
} satisfies Stranger;
