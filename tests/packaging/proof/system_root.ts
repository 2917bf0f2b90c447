// The root of a small Debian with systemd, apt and dnf, made once and kept in build/: containers write into a layer of
// their own on top of it.
// In: debootstrap and the system's package sources. Out: the folder's path.

import { must } from "../../live/lab.ts";
import { PROJECT } from "../../support/program.ts";

const PATH = `${PROJECT}build/system_root`;
const PACKAGES = ["systemd", "systemd-sysv", "dbus", "dnf", "rpm", "procps"];
const SUITE = "bookworm";

export async function systemRoot(): Promise<string> {
  const finished = `${PATH}/etc/falco-proof-root`;
  if (await Deno.stat(finished).then(() => true, () => false)) return PATH;
  await Deno.remove(PATH, { recursive: true }).catch(() => {});
  await must("debootstrap", "--variant=minbase", `--include=${PACKAGES.join(",")}`, SUITE, PATH);
  await Deno.writeTextFile(finished, `${SUITE}\n`);
  return PATH;
}
