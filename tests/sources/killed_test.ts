// The real program, killed without a chance to clean up: nothing of it may stay in the kernel. What it holds is read
// from its descriptors, so that other programs of the machine, of whatever name, do not matter.

import assert from "node:assert/strict";
import { libbpfCandidates } from "../../ffi/bpf/libbpf.ts";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const skip = await liveRefusal();

const KINDS = ["prog", "map", "link"] as const;
type Held = Readonly<Record<typeof KINDS[number], readonly number[]>>;

const BY_ID = { parameters: ["u32"], result: "i32" } as const;
const SYMBOLS = {
  bpf_prog_get_fd_by_id: BY_ID,
  bpf_map_get_fd_by_id: BY_ID,
  bpf_link_get_fd_by_id: BY_ID,
};

/** Numbers of the programs, maps and links that a process has open. */
function heldBy(pid: number): Held {
  const held = { prog: [] as number[], map: [] as number[], link: [] as number[] };
  for (const { name } of Deno.readDirSync(`/proc/${pid}/fdinfo`)) {
    const text = readText(`/proc/${pid}/fdinfo/${name}`);
    for (const kind of KINDS) {
      const id = new RegExp(`^${kind}_id:\\s*(\\d+)`, "m").exec(text)?.[1];
      // a link tells the number of its program too
      if (id !== undefined && !(kind === "prog" && text.includes("link_id:"))) held[kind].push(Number(id));
    }
  }
  return held;
}

/** Nothing of a descriptor that has been closed meanwhile. */
function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

function openLibbpf() {
  for (const path of libbpfCandidates(undefined)) {
    try {
      return Deno.dlopen(path, SYMBOLS);
    } catch {
      // the next place
    }
  }
  throw new Error("libbpf is not here");
}

/** Those that the kernel still has. */
function remaining(held: Held): string[] {
  const library = openLibbpf();
  const close = Deno.dlopen("libc.so.6", { close: { parameters: ["i32"], result: "i32" } });
  const found = KINDS.flatMap((kind) =>
    held[kind].filter((id) => {
      const fd = library.symbols[`bpf_${kind}_get_fd_by_id`](id);
      if (fd >= 0) close.symbols.close(fd);
      return fd >= 0;
    }).map((id) => `${kind} ${id}`)
  );
  library.close();
  close.close();
  return found;
}

Deno.test({
  name: `killed with SIGKILL, falco leaves no program, map or link in the kernel${
    skip ? ` (skipped: ${skip})` : ""
  }`,
  ignore: skip !== null,
  async fn() {
    const falco = await FalcoProcess.start([]);
    const held = heldBy(falco.pid);
    const counts = KINDS.map((kind) => held[kind].length);
    const seen = remaining(held).length;
    await falco.stop("SIGKILL");
    assert.ok(counts.every((count) => count > 2), `falco holds programs, maps and links: ${counts}`);
    assert.equal(seen, counts.reduce((a, b) => a + b), "they can be found by their numbers");

    // the kernel frees them after a grace period
    const endMs = performance.now() + 10_000;
    while (remaining(held).length > 0 && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.deepEqual(remaining(held), []);
  },
});
