// Build step: the eBPF probe.
// In: probe/**/*.{c,h}. Out: build/probe.bpf.o, a CO-RE object for every kernel with BTF, and build/preemption.bpf.o, which
// measures what kind of kernel it is.
// Elsewhere: loading it (ffi/, sources/live).

import { join } from "node:path";
import { hashInputs, type Stamps } from "./stamps.ts";
import { BUILD_NEEDS, ensureTools, machineIncludes } from "./toolchain.ts";

/** -g because libbpf takes the relocations from the BTF that it makes; -mcpu=v3 has 32-bit and atomic operations. */
const FLAGS = ["-O2", "-g", "-target", "bpf", "-mcpu=v3", "-Wall", "-Wextra", "-Werror"];
const OBJECTS = ["probe", "preemption"] as const;
const TARGET_ARCH: Readonly<Record<string, string>> = { x86_64: "x86", aarch64: "arm64" };

export async function buildProbe(root: string, stamps: Stamps): Promise<string[]> {
  const folder = join(root, "probe");
  const outputs = OBJECTS.map((name) => join(root, "build", `${name}.bpf.o`));
  const flags = probeFlags(folder);
  const hash = hashInputs(folder, [".c", ".h"], flags);
  if (outputs.every((output) => stamps.isCurrent("probe", hash, output))) return [];

  const lines = await ensureTools(BUILD_NEEDS);
  Deno.mkdirSync(join(root, "build"), { recursive: true });
  for (const [i, output] of outputs.entries()) {
    const temporary = `${output}.${Deno.pid}`;
    await compileProgram(root, `probe/${OBJECTS[i]}.bpf.c`, "clang", temporary);
    await dropDebugSections(temporary);
    Deno.renameSync(temporary, output);
    lines.push(`built build/${OBJECTS[i]}.bpf.o (${Deno.statSync(output).size} bytes)`);
  }
  stamps.set("probe", hash);
  return lines;
}

function probeFlags(folder: string): string[] {
  const arch = TARGET_ARCH[Deno.build.arch] ?? Deno.build.arch;
  return [...FLAGS, `-D__TARGET_ARCH_${arch}`, `-I${folder}`];
}

/**
 * @param source below the root; bench/ has some that are built with the probe's headers
 * @param clang the compiler's name or path; scripts/clang.ts tries several
 */
export async function compileProgram(
  root: string,
  source: string,
  clang: string,
  output: string,
): Promise<void> {
  const folder = join(root, "probe");
  const include = machineIncludes().flatMap((at) => ["-idirafter", at]);
  const args = [...probeFlags(folder), ...include, "-c", join(root, source), "-o", output];
  const { code, stderr } = await new Deno.Command(clang, { args, stdin: "null", stderr: "piped" }).output();
  if (code !== 0) {
    throw new Error(`${clang} could not compile ${source}:\n${new TextDecoder().decode(stderr).trim()}`);
  }
}

/** A third of the file; BTF, which libbpf needs, stays. Without the tool it works just as well. */
async function dropDebugSections(object: string): Promise<void> {
  try {
    await new Deno.Command("llvm-strip", { args: ["-g", object], stdin: "null", stderr: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
