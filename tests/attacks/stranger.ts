// A user of the host who is logged in, as far as falco can tell: with a folder in /run/user, and programs that run with
// that user's rights.
// In: programs of this folder. Out: they run until the stranger goes. Elsewhere: what they do (user_engine.ts).

import { exists } from "../../scripts/compile/stamps.ts";

const UID = 61_001;

export class Stranger {
  readonly uid = UID;
  readonly folder = `/run/user/${UID}`;
  readonly #programs: Deno.ChildProcess[] = [];
  readonly #cache: string;

  private constructor() {
    Deno.mkdirSync(this.folder, { mode: 0o700, recursive: true });
    Deno.chownSync(this.folder, UID, UID);
    this.#cache = Deno.makeTempDirSync();
    Deno.chownSync(this.#cache, UID, UID);
  }

  static logIn(): Stranger {
    return new Stranger();
  }

  /** Where falco looks for an engine of Podman's. */
  get podmanSocket(): string {
    return `${this.folder}/podman/podman.sock`;
  }

  /** Starts a program that says in one line that it is ready. */
  async start(program: string, ...args: readonly string[]): Promise<Deno.ChildProcess> {
    Deno.mkdirSync(`${this.folder}/podman`, { recursive: true });
    Deno.chownSync(`${this.folder}/podman`, UID, UID);
    await Deno.remove(this.podmanSocket).catch(() => {});
    const child = new Deno.Command("setpriv", {
      args: [
        ...[`--reuid=${UID}`, `--regid=${UID}`, "--clear-groups", Deno.execPath(), "run", "-A", "--no-lock"],
        ...["--no-config", "--quiet", "--ext=ts", "-", ...args],
      ],
      env: { DENO_DIR: this.#cache, HOME: this.#cache },
      cwd: "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#programs.push(child);
    const writer = child.stdin.getWriter();
    await writer.write(await Deno.readFile(new URL(program, import.meta.url)));
    await writer.close();
    const reader = child.stdout.getReader();
    const { done } = await reader.read();
    await reader.cancel();
    if (done) throw new Error(`${program} has ended`);
    return child;
  }

  /** Starts a shell's script of this folder, whose argument is a folder of cgroups that is the stranger's from now on. */
  startInCgroup(folder: string, script: string): Deno.ChildProcess {
    for (const path of [folder, `${folder}/cgroup.procs`, `${folder}/tasks`].filter(exists)) {
      Deno.chownSync(path, UID, UID);
    }
    const text = Deno.readTextFileSync(new URL(script, import.meta.url));
    const become = `setpriv --reuid=${UID} --regid=${UID} --clear-groups`;
    const enter = `echo 0 > "$1/cgroup.procs" && cd / && exec ${become} /bin/sh -c "$0" sh "$1"`;
    const child = new Deno.Command("/bin/sh", { args: ["-c", enter, text, folder] }).spawn();
    this.#programs.push(child);
    return child;
  }

  async stop(child: Deno.ChildProcess): Promise<void> {
    this.#programs.splice(this.#programs.indexOf(child), 1);
    try {
      child.kill("SIGKILL");
    } catch {
      // it has ended by itself
    }
    await child.status;
  }

  async logOut(): Promise<void> {
    for (const child of [...this.#programs]) await this.stop(child);
    await Deno.remove(this.folder, { recursive: true });
    await Deno.remove(this.#cache, { recursive: true });
  }
}
