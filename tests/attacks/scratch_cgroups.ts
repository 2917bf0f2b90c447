// Cgroups that a test makes, runs commands in and removes again.
// In: paths below the root of one hierarchy. Out: commands that have run there. Elsewhere: what they look like to falco.

import { run } from "../live/lab.ts";

export class ScratchCgroups {
  readonly #made: string[] = [];

  private constructor(readonly root: string) {}

  /** In the hierarchy of CPUs, or the only one. */
  static open(): ScratchCgroups {
    for (const root of ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup"]) {
      try {
        if (Deno.statSync(`${root}/cgroup.procs`).isFile) return new ScratchCgroups(root);
      } catch {
        // not mounted there
      }
    }
    throw new Error("Cannot find a hierarchy of cgroups below /sys/fs/cgroup");
  }

  /** Makes the folders that are missing. */
  make(path: string): string {
    let folder = this.root;
    for (const name of path.split("/").filter((name) => name !== "")) {
      folder += `/${name}`;
      try {
        Deno.mkdirSync(folder);
        this.#made.push(folder);
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
    return folder;
  }

  /** Runs a command in the group; waits for its end. */
  async run(path: string, ...command: readonly string[]): Promise<void> {
    const folder = this.make(path);
    const script = `echo $$ > "$0/cgroup.procs" && exec "$@"`;
    const { code, text } = await run("/bin/sh", "-c", script, folder, ...command);
    if (code !== 0) throw new Error(`${command.join(" ")} in ${path} ended with ${code}: ${text}`);
  }

  /** Removes what was made; processes in it have to have ended. */
  close(): void {
    for (const folder of this.#made.splice(0).reverse()) Deno.removeSync(folder);
  }
}
