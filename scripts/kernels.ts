// Boots kernels of Debian in an emulator, each with the one-file executable and next to nothing else: `falco doctor` with
// its self-test, live monitoring with some detections of the bundled rules, then a recording under stress in which every
// event has to be whole and every loss counted.
// In: [--keep-executable] names of kernel packages; none: those of KERNELS, from all of Debian's releases that can be
// reached. Out: a line for each kernel, its console in build/kernels/RELEASE.console; exit code 1 when one failed.
// No part of CI: a boot takes a minute. Elsewhere: what was found (docs/kernels.md), the steps (scripts/kernels/).

import { fileURLToPath } from "node:url";
import { must } from "../tests/live/lab.ts";
import { buildExecutable } from "./compile/executable.ts";
import { ensureTools, type Need, runs } from "./compile/toolchain.ts";
import { boot } from "./kernels/boot.ts";
import { makeGuest } from "./kernels/guest.ts";
import { KernelPackages } from "./kernels/packages.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}build/kernels`;

/** Package, and the release of Debian that has it. */
const KERNELS = [
  ["linux-image-amd64", "bullseye"],
  ["linux-image-cloud-amd64", "bullseye"],
  ["linux-image-amd64", "bookworm"],
  ["linux-image-cloud-amd64", "bookworm"],
  ["linux-image-amd64", "bookworm-backports"],
  ["linux-image-cloud-amd64", "bookworm-backports"],
  ["linux-image-cloud-amd64", "trixie"],
  ["linux-image-rt-amd64", "trixie"],
  ["linux-image-amd64", "trixie-backports"],
  ["linux-image-cloud-amd64", "trixie-backports"],
  ["linux-image-rt-amd64", "trixie-backports"],
  ["linux-image-cloud-amd64", "sid"],
  ["linux-image-rt-amd64", "sid"],
] as const;

const NEEDS: readonly Need[] = [
  {
    what: "qemu-system-x86_64, the emulator",
    isMet: () => runs("qemu-system-x86_64", "--version"),
    packages: {
      apt: "qemu-system-x86",
      dnf: "qemu-system-x86-core",
      apk: "qemu-system-x86_64",
      pacman: "qemu-system-x86",
    },
  },
  {
    what: "busybox, linked statically",
    isMet: () => runs("busybox", "true"),
    packages: { apt: "busybox-static", dnf: "busybox", apk: "busybox-static", pacman: "busybox" },
  },
  {
    what: "apt-get, for Debian's kernels",
    isMet: () => runs("apt-get", "--version"),
    packages: { apt: "apt", dnf: "apt", apk: "apt", pacman: "apt" },
  },
];

async function main(): Promise<number> {
  const chosen = Deno.args.filter((arg) => !arg.startsWith("--"));
  for (const line of await ensureTools(NEEDS)) console.error(line);
  Deno.mkdirSync(FOLDER, { recursive: true });
  const executable = `${FOLDER}/falco`;
  if (!Deno.args.includes("--keep-executable")) {
    for (const line of await buildExecutable(ROOT, { output: executable, kind: "launcher" })) {
      console.error(line);
    }
  }
  const trigger = `${FOLDER}/trigger`;
  await must("cc", "-O1", "-static", "-o", trigger, `${ROOT}tests/live/trigger.c`);
  const stress = `${FOLDER}/stress`;
  await must(
    "cc",
    "-O1",
    "-static",
    "-o",
    stress,
    fileURLToPath(new URL("kernels/stress.c", import.meta.url)),
  );
  const initramfs = `${FOLDER}/initramfs`;
  await makeGuest({ executable, trigger, stress, output: initramfs });

  const packages = await KernelPackages.open(FOLDER);
  const wanted = chosen.length > 0
    ? chosen.map((name) => [name, undefined] as const)
    : KERNELS.filter(([, release]) => packages.has(release));
  let failures = 0;
  for (const [name, release] of wanted) {
    const kernel = await packages.kernel(name, release);
    const outcome = await boot({
      kernel: kernel.path,
      initramfs,
      console: `${FOLDER}/${kernel.release}.console`,
    });
    const problems = outcome.problems.length === 0 ? "" : `: ${outcome.problems.join("; ")}`;
    if (problems !== "") failures++;
    console.log(
      `${
        problems === "" ? "ok  " : "FAIL"
      } ${kernel.release} (${kernel.origin}): ${outcome.summary}${problems}`,
    );
  }
  return failures > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
