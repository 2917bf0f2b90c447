// Tools that only the tests need: a container engine, a runtime and a tiny root file system for its images.
// In: nothing but the machine. Out: one line for what was installed, or for what is missing and which tests are
// skipped without it.
// Elsewhere: installing (scripts/compile/toolchain.ts).

import { ensureTools, missingMessage, type Need, runs } from "../compile/toolchain.ts";

const NETAVARK_PLACES = ["/usr/lib/podman/netavark", "/usr/libexec/podman/netavark"];

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

const CONTAINER_NEEDS: readonly Need[] = [
  {
    what: "podman, for the tests in containers",
    isMet: () => runs("podman", "--version"),
    packages: { apt: "podman", dnf: "podman", apk: "podman", pacman: "podman" },
  },
  {
    // podman wants its network tool even for containers without a network
    what: "netavark, which podman needs",
    isMet: () => NETAVARK_PLACES.some((path) => exists(path)),
    packages: { apt: "netavark", dnf: "netavark", apk: "netavark", pacman: "netavark" },
  },
  {
    what: "runc, the container runtime",
    isMet: () => runs("runc", "--version"),
    packages: { apt: "runc", dnf: "runc", apk: "runc", pacman: "runc" },
  },
  {
    what: "busybox, linked statically",
    isMet: () => runs("busybox", "true"),
    packages: { apt: "busybox-static", dnf: "busybox", apk: "busybox-static", pacman: "busybox" },
  },
];

/** Never fails: tests skip themselves, with a reason, when a tool is not there. */
export async function installTestTools(): Promise<string[]> {
  if (Deno.uid() !== 0) return [];
  try {
    return await ensureTools(CONTAINER_NEEDS);
  } catch (error) {
    const reason = error instanceof Error ? error.message : missingMessage(CONTAINER_NEEDS);
    return [`container tests will be skipped:\n${reason}`];
  }
}
