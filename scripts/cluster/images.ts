// The images that the cluster's pods run: made of this machine's files, since no registry can be reached.
// In: the place. Out: archives in its folder of images: pause, busybox, and a larger one with bash and curl.

import { basename, dirname } from "node:path";
import { must } from "../../tests/live/lab.ts";
import { exists } from "../compile/stamps.ts";
import { machineOf } from "../image/image_files.ts";
import { makeImage } from "../image/oci.ts";
import type { TarEntry, TarFile } from "../image/tar.ts";
import { findProgram, librariesOf } from "../image/tools.ts";
import type { Place } from "./place.ts";

export const BUSYBOX = "localhost/busybox:1";
export const TOOLS = "localhost/tools:1";
const PAUSE = "localhost/pause:1";

const PAUSE_SOURCE = `
#include <signal.h>
#include <unistd.h>
static void end(int s) { _exit(0); }
int main(void) { signal(SIGINT, end); signal(SIGTERM, end); signal(SIGCHLD, SIG_IGN); for (;;) pause(); }
`;
/** What rules about shells and tools look for. */
const PROGRAMS = [
  ...[
    "bash",
    "sh",
    "curl",
    "cat",
    "ls",
    "cp",
    "mv",
    "rm",
    "chmod",
    "ln",
    "id",
    "sleep",
    "grep",
    "find",
    "touch",
  ],
  ...["mkdir", "tail", "head", "env", "date"],
];

export async function makeImages({ images }: Place): Promise<void> {
  await Deno.mkdir(images, { recursive: true });
  await make(`${images}/pause.tar`, PAUSE, async () => {
    const folder = await Deno.makeTempDir();
    await Deno.writeTextFile(`${folder}/pause.c`, PAUSE_SOURCE);
    await must("cc", "-static", "-O2", "-o", `${folder}/pause`, `${folder}/pause.c`);
    const entries = new Map<string, TarEntry>([["pause", program(`${folder}/pause`)]]);
    await Deno.remove(folder, { recursive: true });
    return { entries, start: { Entrypoint: ["/pause"] } };
  });
  await makeBusybox(`${images}/busybox.tar`, BUSYBOX);
  await make(`${images}/tools.tar`, TOOLS, () => {
    const { loader } = machineOf();
    const entries = new Map<string, TarEntry>(accounts());
    for (const name of PROGRAMS) {
      const path = findProgram(name);
      entries.set(`usr/bin/${name}`, program(path));
      entries.set(`bin/${name}`, link(`/usr/bin/${name}`));
      // at the place where the loader looks first
      for (const library of librariesOf(path)) entries.set(`lib/${basename(library)}`, program(library));
    }
    entries.set(loader.path, program(Deno.realPathSync(`/${loader.path}`)));
    entries.set(`${dirname(loader.path)}/empty`, { kind: "file", bytes: new Uint8Array(0) });
    return Promise.resolve({ entries, start: { ...SHELL, Env: [...SHELL.Env, "LD_LIBRARY_PATH=/lib"] } });
  });
}

/** @param mark makes it another image than those with other marks */
export async function makeBusybox(archive: string, reference: string, mark = ""): Promise<void> {
  await make(archive, reference, async () => {
    const path = findProgram("busybox");
    const entries = new Map<string, TarEntry>([["bin/busybox", program(path)], ...accounts()]);
    for (const applet of (await must(path, "--list")).split("\n")) {
      if (applet !== "" && applet !== "busybox") entries.set(`bin/${applet}`, link("busybox"));
    }
    if (mark !== "") entries.set("etc/mark", { kind: "file", bytes: new TextEncoder().encode(mark) });
    return { entries, start: SHELL };
  });
}

const SHELL = { Cmd: ["/bin/sh"], Env: ["PATH=/usr/bin:/bin"] };

interface Contents {
  readonly entries: Map<string, TarEntry>;
  readonly start: Readonly<Record<string, unknown>>;
}

async function make(path: string, reference: string, contents: () => Promise<Contents>): Promise<void> {
  if (exists(path)) return;
  const { entries, start } = await contents();
  const { architecture } = machineOf();
  await Deno.writeFile(path, makeImage(entries, { reference, architecture, isCompressed: false, start }));
}

function accounts(): [string, TarEntry][] {
  const text = (line: string): TarFile => ({ kind: "file", bytes: new TextEncoder().encode(`${line}\n`) });
  return [
    ["etc/passwd", text("root:x:0:0::/:/bin/sh")],
    ["etc/shadow", text("root:*:1::::::")],
    ["tmp", { kind: "folder", mode: 0o777 }],
    ["root", { kind: "folder", mode: 0o700 }],
  ];
}

function program(path: string): TarFile {
  return { kind: "file", bytes: Deno.readFileSync(path), mode: 0o755 };
}

function link(target: string): TarEntry {
  return { kind: "link", target };
}
