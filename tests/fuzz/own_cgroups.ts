// A folder of cgroups of a stranger's own.
// In: a name. Out: its path, removal of what is below. Processes that have just ended may keep one for a moment.

const ROOTS = ["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup"];
const TRIES = 50;

export class OwnCgroups {
  private constructor(readonly home: string) {}

  static open(name: string): OwnCgroups {
    const root = ROOTS.find((path) => isThere(`${path}/cgroup.procs`));
    if (root === undefined) throw new Error("Cannot find a hierarchy of cgroups below /sys/fs/cgroup");
    const home = `${root}/falco-fuzz-${Deno.pid}-${name}`;
    Deno.mkdirSync(home, { recursive: true });
    return new OwnCgroups(home);
  }

  /** A cgroup and those above it that are empty. */
  async remove(path: string): Promise<void> {
    for (let at = path; at.length > this.home.length; at = at.slice(0, at.lastIndexOf("/"))) {
      await Deno.remove(at).catch(() => {});
    }
  }

  async close(): Promise<void> {
    for (let i = 0; i < TRIES && isThere(this.home); i++) {
      removeTree(this.home);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
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
  try {
    for (const entry of Deno.readDirSync(path)) if (entry.isDirectory) removeTree(`${path}/${entry.name}`);
    Deno.removeSync(path);
  } catch {
    // a process in it is about to end
  }
}
