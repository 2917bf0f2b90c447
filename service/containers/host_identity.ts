// Which root folder is the host's own: a process that has it still has to change its root.
// In: where the host's files are. Out: the identity of that root, found out once.
//
// In a container the host's folders are below one that is made up, so only a process can tell. It is the first one, but a
// security module or a sandbox may keep that one to itself: then it is the first other one that runs in no container.
// Elsewhere: what is done with it (container_users.ts).

import { cgroupsOf, ForeignRoot, processIds, readBytes } from "../../ffi/mod.ts";
import { containerInCgroupFile } from "../../schema/mod.ts";

/** Of the processes that run in no container, so many are asked. */
const MAX_ASKED = 32;

export class HostIdentity {
  readonly #hostRoot: string;
  #identity: Promise<string> | undefined;

  constructor(hostRoot: string) {
    this.#hostRoot = hostRoot;
  }

  /** @returns an empty text when no process tells */
  identity(): Promise<string> {
    return this.#identity ??= this.#find();
  }

  async #find(): Promise<string> {
    for (const path of this.#candidates()) {
      const root = await ForeignRoot.open(path);
      root?.close();
      if (root !== undefined) return root.identity;
    }
    return "";
  }

  *#candidates(): Generator<string> {
    yield `${this.#hostRoot}/proc/1/root`;
    if (this.#hostRoot === "") yield "/";
    let asked = 0;
    for (const pid of processIds(this.#hostRoot)) {
      if (pid === 1 || !this.#isOfHost(pid)) continue;
      yield `${this.#hostRoot}/proc/${pid}/root`;
      if (++asked >= MAX_ASKED) return;
    }
  }

  /** Threads of the kernel keep the root that the machine was started with. */
  #isOfHost(pid: number): boolean {
    const cgroups = cgroupsOf(this.#hostRoot, pid);
    if (cgroups === "" || containerInCgroupFile(cgroups) !== undefined) return false;
    return (readBytes(`${this.#hostRoot}/proc/${pid}/cmdline`, 1)?.length ?? 0) > 0;
  }
}
