// Build step: the eBPF probe.
// In: probe/**/*.{c,h}. Out: build/probe.bpf.o, a CO-RE object for every kernel with BTF.
// Elsewhere: loading it (ffi/, sources/live).

import { join } from "node:path";
import { hashInputs, type Stamps } from "./stamps.ts";
import { BUILD_NEEDS, ensureTools, machineIncludes } from "./toolchain.ts";

/** -g because libbpf takes the relocations from the BTF that it makes; -mcpu=v3 has 32-bit and atomic operations. */
const FLAGS = ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Wextra", "-Werror"];
const TARGET_ARCH: Readonly<Record<string, string>> = { x86_64: "x86", aarch64: "arm64" };

export async function buildProbe(root: string, stamps: Stamps): Promise<string[]> {
  const output = join(root, "build", "probe.bpf.o");
  const folder = join(root, "probe");
  const arch = TARGET_ARCH[Deno.build.arch] ?? Deno.build.arch;
  const flags = [...FLAGS, `-D__TARGET_ARCH_${arch}`, `-I${folder}`];
  const hash = hashInputs(folder, [".c", ".h"], flags);
  if (stamps.isCurrent("probe", hash, output)) return [];

  const lines = await ensureTools(BUILD_NEEDS);
  const include = machineIncludes().flatMap((at) => ["-idirafter", at]);
  const temporary = `${output}.${Deno.pid}`;
  const args = [...flags, ...include, "-c", join(folder, "probe.bpf.c"), "-o", temporary];
  Deno.mkdirSync(join(root, "build"), { recursive: true });
  const { code, stderr } = await new Deno.Command("clang", { args, stdin: "null", stderr: "piped" }).output();
  if (code !== 0) {
    throw new Error(`clang could not compile the probe:\n${new TextDecoder().decode(stderr).trim()}`);
  }
  await dropDebugSections(temporary);
  Deno.renameSync(temporary, output);
  stamps.set("probe", hash);
  return [...lines, `built build/probe.bpf.o (${Deno.statSync(output).size} bytes)`];
}

/** A third of the file; BTF, which libbpf needs, stays. Without the tool it works just as well. */
async function dropDebugSections(object: string): Promise<void> {
  try {
    await new Deno.Command("llvm-strip", { args: ["-g", object], stdin: "null", stderr: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
