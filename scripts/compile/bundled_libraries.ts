// Build step of the executable: libbpf with what it needs, for hosts that have none of it.
// In: the system's libbpf.so.1, libz.so.1 and libelf.a. Out: bytes of three libraries that need glibc 2.28 and no more.
// libelf is linked again from its static form: the shared one of newer systems wants a newer C library.
// Elsewhere: loading them (ffi/bpf/bundled_libraries.ts).

import { join } from "node:path";
import { BUNDLED_LIBRARIES } from "../../ffi/bpf/bundled_libraries.ts";
import { findLibrary } from "./toolchain.ts";

export type BundledLibraries = ReadonlyMap<typeof BUNDLED_LIBRARIES[number], Uint8Array<ArrayBuffer>>;

/** The newest glibc version that a host must have. */
const GLIBC_LIMIT = [2, 28] as const;

export async function makeBundledLibraries(root: string, workFolder: string): Promise<BundledLibraries> {
  const libbpf = libraryPath("libbpf.so.1");
  const made: [typeof BUNDLED_LIBRARIES[number], string][] = [
    ["libz.so.1", libraryPath("libz.so.1")],
    ["libelf.so.1", await linkLibelf(root, workFolder, libbpf)],
    ["libbpf.so.1", libbpf],
  ];
  for (const [name, path] of made) await checkGlibc(name, path);
  return new Map(made.map(([name, path]) => [name, Deno.readFileSync(path)]));
}

export function libraryPath(name: string): string {
  const path = findLibrary(name);
  if (path === undefined) throw new Error(`Cannot find ${name} among the libraries of this system`);
  return path;
}

/** Only what libbpf asks for, under the versions that it asks for. */
async function linkLibelf(root: string, workFolder: string, libbpf: string): Promise<string> {
  const wanted = new Map<string, string[]>();
  for (
    const [, version = "", symbol = ""] of (await symbolsOf(libbpf)).matchAll(/(ELFUTILS_[\d.]+)\)? +(\w+)/g)
  ) {
    wanted.set(version, [...wanted.get(version) ?? [], symbol]);
  }
  const versions = [...wanted.keys()].sort();
  const script = versions.map((version, i) => {
    const hidden = i === 0 ? " local: *;" : "";
    return `${version} { global: ${wanted.get(version)!.sort().join("; ")};${hidden} }${
      i === 0 ? "" : ` ${versions[i - 1]}`
    };\n`;
  }).join("");
  const scriptPath = join(workFolder, "libelf.map"), output = join(workFolder, "libelf.so.1");
  Deno.writeTextFileSync(scriptPath, script);
  await run("cc", [
    ...["-shared", "-fPIC", "-O2", "-s", "-Wl,-soname,libelf.so.1", "-Wl,-Bsymbolic", "-Wl,--build-id=none"],
    ...[...wanted.values()].flat().sort().map((symbol) => `-Wl,-u,${symbol}`),
    `-Wl,--version-script=${scriptPath}`,
    ...[
      "-o",
      output,
      join(root, "launcher", "libelf_shim.c"),
      libraryPath("libelf.a"),
      libraryPath("libz.so.1"),
    ],
  ]);
  return output;
}

async function checkGlibc(name: string, path: string): Promise<void> {
  for (const [version, major, minor] of (await symbolsOf(path)).matchAll(/GLIBC_(\d+)\.(\d+)/g)) {
    if (Number(major) !== GLIBC_LIMIT[0] || Number(minor) > GLIBC_LIMIT[1]) {
      throw new Error(`${name} of this system needs ${version}, newer than glibc ${GLIBC_LIMIT.join(".")}`);
    }
  }
}

function symbolsOf(path: string): Promise<string> {
  return run("objdump", ["-T", path]);
}

export async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args: [...args], env }).output();
  if (!success) throw new Error(`${command} failed:\n${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}
