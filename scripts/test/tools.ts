// Tools that only the tests need: a container engine, a runtime and a tiny root file system for its images; servers
// that alerts are sent to; what makes packages and reads completions.
// In: nothing but the machine. Out: one line for what was installed, or for what is missing and which tests are
// skipped without it.
// Elsewhere: installing (scripts/compile/toolchain.ts).

import { ensureTools, missingMessage, type Need, runs } from "../compile/toolchain.ts";
import { PACKAGE_NEEDS } from "../package/needs.ts";

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
    what: "containerd, for the tests of pods",
    isMet: () => runs("containerd", "--version"),
    packages: { apt: "containerd", dnf: "containerd", apk: "containerd", pacman: "containerd" },
  },
  {
    what: "busybox, linked statically",
    isMet: () => runs("busybox", "true"),
    packages: { apt: "busybox-static", dnf: "busybox", apk: "busybox-static", pacman: "busybox" },
  },
];

/** By itself: not every distribution has it, and apt installs all of a list or nothing. */
const MANIFEST_NEEDS: readonly Need[] = [
  {
    what: "kubectl, which joins the manifests of deploy/kubernetes",
    isMet: () => isInstalled("kubectl"),
    packages: { apt: "kubernetes-client", dnf: "kubernetes-client", apk: "kubectl", pacman: "kubectl" },
  },
];

/** Tests start them on a port of their own; those that the packages would start stay off. */
const SERVER_NEEDS: readonly Need[] = [
  {
    what: "openssl, for the tests' certificates",
    isMet: () => isInstalled("openssl"),
    packages: { apt: "openssl", dnf: "openssl", apk: "openssl", pacman: "openssl" },
  },
  {
    what: "nats-server",
    isMet: () => isInstalled("nats-server"),
    packages: { apt: "nats-server", dnf: "nats-server", apk: "nats-server", pacman: "nats-server" },
  },
  {
    what: "redis-server",
    isMet: () => isInstalled("redis-server"),
    packages: { apt: "redis-server", dnf: "redis", apk: "redis", pacman: "redis" },
  },
  {
    what: "mosquitto, the MQTT broker",
    isMet: () => isInstalled("mosquitto"),
    packages: { apt: "mosquitto", dnf: "mosquitto", apk: "mosquitto", pacman: "mosquitto" },
  },
  {
    what: "Prometheus Alertmanager",
    isMet: () => isInstalled("prometheus-alertmanager"),
    packages: {
      apt: "prometheus-alertmanager",
      dnf: "alertmanager",
      apk: "alertmanager",
      pacman: "alertmanager",
    },
  },
];

const PACKAGE_TOOLS: readonly Need[] = [
  PACKAGE_NEEDS.rpm,
  {
    what: "fish, to try its completions",
    isMet: () => isInstalled("fish"),
    packages: { apt: "fish", dnf: "fish", apk: "fish", pacman: "fish" },
  },
  {
    what: "zsh, to read its completions",
    isMet: () => isInstalled("zsh"),
    packages: { apt: "zsh", dnf: "zsh", apk: "zsh", pacman: "zsh" },
  },
];

const EDITOR_NEEDS: readonly Need[] = [
  {
    what: "Neovim, which the language server is tried in",
    isMet: () => isInstalled("nvim"),
    packages: { apt: "neovim", dnf: "neovim", apk: "neovim", pacman: "neovim" },
  },
];

const PROGRAM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];

function isInstalled(program: string): boolean {
  return PROGRAM_FOLDERS.some((folder) => exists(`${folder}/${program}`));
}

/** Never fails: tests skip themselves, with a reason, when a tool is not there. */
export async function installTestTools(): Promise<string[]> {
  if (Deno.uid() !== 0) return [];
  return [
    ...await install(CONTAINER_NEEDS, "container tests"),
    ...await install(MANIFEST_NEEDS, "tests of manifests with kubectl"),
    ...await install(PACKAGE_TOOLS, "tests of packages and completions"),
    ...await install(EDITOR_NEEDS, "tests in an editor"),
    ...await withoutStarting(() => install(SERVER_NEEDS, "tests with real servers")),
  ];
}

async function install(needs: readonly Need[], tests: string): Promise<string[]> {
  try {
    return await ensureTools(needs);
  } catch (error) {
    const reason = error instanceof Error ? error.message : missingMessage(needs);
    return [`${tests} will be skipped:\n${reason}`];
  }
}

/** Debian starts what it installs unless this program says that it may not. */
const START_POLICY = "/usr/sbin/policy-rc.d";

async function withoutStarting<T>(action: () => Promise<T>): Promise<T> {
  const isOurs = !exists(START_POLICY);
  if (isOurs) Deno.writeTextFileSync(START_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    return await action();
  } finally {
    if (isOurs) Deno.removeSync(START_POLICY);
  }
}
