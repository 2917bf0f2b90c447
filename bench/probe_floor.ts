// The floor of the probe's cost: empty programs at the hooks that it uses for system calls.
// In: the folder where the object is compiled to. Out: a handle; calls of the machine run the programs until it is closed.
// Elsewhere: what is measured meanwhile (kernel_filter.ts), the hooks (sources/live/preemption.ts).

import { BpfObject } from "../ffi/bpf/mod.ts";

const PROGRAMS = ["empty_enter", "empty_exit"];

export async function attachFloor(folder: string): Promise<BpfObject> {
  const output = `${folder}/probe_floor.bpf.o`;
  const source = new URL("./probe_floor.bpf.c", import.meta.url).pathname;
  const args = ["-O2", "-g", "-target", "bpf", "-c", source, "-o", output];
  const { success } = await new Deno.Command("clang", { args, stderr: "inherit" }).output();
  if (!success) throw new Error("Cannot measure: clang failed");
  const object = new BpfObject(Deno.readFileSync(output));
  try {
    for (const { section, handle } of object.programs()) object.forRawTracepoint(handle, section);
    object.load();
    for (const program of PROGRAMS) object.attachRaw(program);
    return object;
  } catch (error) {
    object.close();
    throw error;
  }
}
