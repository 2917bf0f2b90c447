// The file system of the guest, in memory: busybox, the few files of glibc that the executable needs, the executable, the
// trigger program of the live tests, the stress of events, and an init that runs them.
// In: those files. Out: an initramfs, in the cpio format that the kernel unpacks.

import { BareRoot } from "../../tests/executable/bare_root.ts";
import { must } from "../../tests/live/lab.ts";

export interface GuestFiles {
  readonly executable: string;
  readonly trigger: string;
  readonly stress: string;
  readonly output: string;
}

const FOLDERS = ["dev", "etc", "etc/cron.d", "root", "usr/local/bin", "var/log", "var/tmp"];
const FILES = {
  "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  "etc/group": "root:x:0:\nnogroup:x:65534:\n",
  "etc/shadow": "root:*:1::::::\n",
  "etc/hostname": "guest\n",
} as const;

export async function makeGuest({ executable, trigger, stress, output }: GuestFiles): Promise<void> {
  using root = new BareRoot(executable);
  for (const folder of FOLDERS) Deno.mkdirSync(root.at(folder), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) Deno.writeTextFileSync(root.at(path), text);
  const busybox = (await must("sh", "-c", "command -v busybox")).trim();
  for (const [from, to] of [[busybox, "busybox"], [trigger, "trigger"], [stress, "stress"]] as const) {
    Deno.copyFileSync(from, root.at(`bin/${to}`));
  }
  Deno.copyFileSync(new URL("integrity.awk", import.meta.url), root.at("etc/integrity.awk"));
  Deno.copyFileSync(new URL("guest_init.sh", import.meta.url), root.at("init"));
  Deno.chmodSync(root.at("init"), 0o755);
  await must("sh", "-c", 'cd "$0" && find . | busybox cpio -o -H newc > "$1" 2>/dev/null', root.path, output);
}
