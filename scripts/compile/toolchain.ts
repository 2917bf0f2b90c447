// What the build and a live run need from the system, how to see whether it is there, and how to get it.
// In: nothing but the machine. Out: `ensureTools()`: returns when all needs are met, installs them where it may
// (root on Debian or Ubuntu), or throws with the exact packages for each package manager.
// Elsewhere: tools that only the tests need (scripts/test.ts passes its own list).

import { exists } from "./stamps.ts";

export const PACKAGE_MANAGERS = ["apt", "dnf", "apk", "pacman"] as const;
export type PackageManager = typeof PACKAGE_MANAGERS[number];

export interface Need {
  readonly what: string;
  readonly isMet: () => boolean;
  /** names with blanks between them */
  readonly packages: Readonly<Record<PackageManager, string>>;
}

const INSTALL: Readonly<Record<PackageManager, string>> = {
  apt: "apt-get install -y --no-install-recommends",
  dnf: "dnf install -y",
  apk: "apk add",
  pacman: "pacman -S --needed",
};

const INCLUDE_FOLDERS = ["/usr/include", "/usr/local/include"];

/** Folders with the `asm/` headers: Debian keeps them below the machine's triplet. */
export function machineIncludes(): string[] {
  return [`/usr/include/${Deno.build.arch}-linux-gnu`, "/usr/include"].filter((at) =>
    exists(`${at}/asm/types.h`)
  );
}

const LIBRARY_FOLDERS = [
  `/usr/lib/${Deno.build.arch}-linux-gnu`,
  `/lib/${Deno.build.arch}-linux-gnu`,
  "/usr/lib64",
  "/lib64",
  "/usr/lib",
];

/** Where a library of the system lies. */
export function findLibrary(name: string): string | undefined {
  return LIBRARY_FOLDERS.map((folder) => `${folder}/${name}`).find(exists);
}

/** To build the probe. */
export const BUILD_NEEDS: readonly Need[] = [
  {
    what: "clang, the C compiler with the bpf target",
    isMet: () => runs("clang", "--version"),
    packages: { apt: "clang", dnf: "clang", apk: "clang", pacman: "clang" },
  },
  {
    what: "bpf/bpf_helpers.h, libbpf's headers",
    isMet: () => INCLUDE_FOLDERS.some((at) => exists(`${at}/bpf/bpf_helpers.h`)),
    packages: { apt: "libbpf-dev", dnf: "libbpf-devel", apk: "libbpf-dev", pacman: "libbpf" },
  },
  {
    what: "linux/bpf.h and asm/types.h, the kernel's headers for programs",
    isMet: () => exists("/usr/include/linux/bpf.h") && machineIncludes().length > 0,
    packages: {
      apt: "linux-libc-dev",
      dnf: "kernel-headers",
      apk: "linux-headers",
      pacman: "linux-api-headers",
    },
  },
];

/** To run live. */
export const RUN_NEEDS: readonly Need[] = [
  {
    what: "libbpf.so.1, the library that loads the probe",
    isMet: () => opens("libbpf.so.1"),
    packages: { apt: "libbpf1", dnf: "libbpf", apk: "libbpf", pacman: "libbpf" },
  },
];

/** To make the one-file executable. */
export const DIST_NEEDS: readonly Need[] = [
  {
    what: "cc and the static C library, for the launcher",
    isMet: () => runs("cc", "--version") && findLibrary("libc.a") !== undefined,
    packages: { apt: "gcc libc6-dev", dnf: "gcc glibc-static", apk: "gcc musl-dev", pacman: "gcc glibc" },
  },
  {
    what: "libelf.a, to be linked into the executable's own libelf",
    isMet: () => findLibrary("libelf.a") !== undefined,
    packages: {
      apt: "libelf-dev",
      dnf: "elfutils-libelf-devel-static",
      apk: "libelf-static",
      pacman: "libelf",
    },
  },
  {
    what: "objdump, to see which C library the carried libraries need",
    isMet: () => runs("objdump", "--version"),
    packages: { apt: "binutils", dnf: "binutils", apk: "binutils", pacman: "binutils" },
  },
];

/** Returns what it did, one line each. */
export async function ensureTools(needs: readonly Need[]): Promise<string[]> {
  const missing = needs.filter((need) => !need.isMet());
  if (missing.length === 0) return [];
  if (!mayInstall()) throw new Error(missingMessage(missing));
  const packages = packagesFor(missing, "apt");
  await apt("update");
  await apt("install", "-y", "--no-install-recommends", ...packages);
  const still = missing.filter((need) => !need.isMet());
  if (still.length > 0) {
    throw new Error(
      `apt-get installed ${packages.join(", ")}, yet this is not found:\n${missingMessage(still)}`,
    );
  }
  return [`installed with apt-get: ${packages.join(" ")}`];
}

/** What is missing and the command for each package manager. */
export function missingMessage(missing: readonly Need[]): string {
  const lines = missing.map((need) => `missing: ${need.what}`);
  lines.push("install, with the package manager of this system:");
  for (const manager of PACKAGE_MANAGERS) {
    lines.push(`  ${INSTALL[manager]} ${packagesFor(missing, manager).join(" ")}`);
  }
  return lines.join("\n");
}

function packagesFor(needs: readonly Need[], manager: PackageManager): string[] {
  return [...new Set(needs.flatMap((need) => need.packages[manager].split(" ")))];
}

/** Only where nobody is surprised: root, and a Debian or Ubuntu with apt-get. */
function mayInstall(): boolean {
  if (Deno.uid() !== 0 || !exists("/usr/bin/apt-get")) return false;
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(Deno.readTextFileSync("/etc/os-release"));
  } catch {
    return false;
  }
}

async function apt(...args: string[]): Promise<void> {
  const { code, stdout, stderr } = await new Deno.Command("apt-get", {
    args: ["-q", ...args],
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (code === 0) return;
  const said = (new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr)).trim();
  throw new Error(
    `apt-get ${args.join(" ")} ended with code ${code}:\n${said.split("\n").slice(-8).join("\n")}`,
  );
}

export function runs(command: string, ...args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

function opens(library: string): boolean {
  try {
    Deno.dlopen(library, {}).close();
    return true;
  } catch {
    return false;
  }
}
