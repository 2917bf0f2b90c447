// Build step: the one-file executable.
// In: a complete build of the source tree, the runtime that executes this. Out: dist/falco. The same inputs give the same
// bytes. `deno compile` makes it where its runtime can be had; elsewhere the launcher carries the runtime that runs now.
// Elsewhere: what the file does when it is started (launcher/launcher.c), how assets are read (assets/assets.ts).

import { join } from "node:path";
import { Buffer } from "node:buffer";
import { packAssets } from "../../assets/archive.ts";
import { ASSETS } from "../../assets/assets.ts";
import { bundle } from "./bundle.ts";
import { makeCodeCache } from "./code_cache.ts";
import { environmentHeader } from "./environment_header.ts";
import { libraryPath, makeBundledLibraries, run } from "./bundled_libraries.ts";

const MAGIC = "FALCO\0\0\x01";
/** Programs, by the names of their assets: launcher/loader.js chooses. */
const PROGRAMS = { "program.js": "main.ts", "version.js": "cli/plain_version.ts" } as const;
/** Threads, by the names of their assets. */
const WORKERS = {
  "engine_worker.js": "engine/worker.ts",
  "spool_worker.js": "outputs/spool_worker.ts",
  "loading_worker.js": "service/loading/loading_worker.ts",
} as const;

const PAGE_BYTES = 4096;

export type ExecutableKind = "compiled" | "launcher";

export interface ExecutableOptions {
  readonly output: string;
  /** default: `compiled` if that works, else `launcher` */
  readonly kind?: ExecutableKind;
}

/** Returns a line for each thing made. */
export async function buildExecutable(root: string, options: ExecutableOptions): Promise<string[]> {
  // of its own: tests make several at once
  const workFolder = Deno.makeTempDirSync({ dir: join(root, "build"), prefix: "executable-" });
  try {
    return await buildIn(workFolder, root, options);
  } finally {
    Deno.removeSync(workFolder, { recursive: true });
  }
}

async function buildIn(
  workFolder: string,
  root: string,
  { output, kind }: ExecutableOptions,
): Promise<string[]> {
  Deno.mkdirSync(join(output, ".."), { recursive: true });
  const workers = new Map<string, string>();
  for (const [name, entry] of Object.entries(WORKERS)) {
    workers.set(name, await bundle(root, entry, join(workFolder, name)));
  }
  const programs = new Map<string, Uint8Array>();
  for (const [name, entry] of Object.entries(PROGRAMS)) {
    programs.set(name, encode(asFunction(await bundle(root, entry, join(workFolder, name)))));
  }
  const collected = await collectAssets(root, workFolder, programs, workers);
  collected.set("program.cache", await makeCodeCache(workFolder, collected));
  const assets = packAssets(collected);

  const lines: string[] = [];
  if (kind !== "launcher") {
    const problem = await denoCompile(workFolder, makeLoader(root, "compiled"), assets, output);
    if (problem === undefined) return [made(output, "deno compile")];
    if (kind === "compiled") throw new Error(problem);
    lines.push(
      `deno compile cannot be used, the launcher is: ${
        problem.split("\n").filter((line) => /^ *\d+: |error:/.test(line)).at(-1)?.trim()
      }`,
    );
  }
  await assemble(root, workFolder, makeLoader(root, "launcher"), assets, output);
  return [...lines, made(output, "launcher")];
}

function made(output: string, way: string): string {
  return `built ${output} (${(Deno.statSync(output).size / 1e6).toFixed(1)} MB, ${way})`;
}

/** How the file was put together, for assets/assets.ts, and the module that evaluates the program. */
function makeLoader(root: string, kind: ExecutableKind): Uint8Array<ArrayBuffer> {
  const loader = Deno.readTextFileSync(join(root, "launcher", "loader.js"));
  return encode(`globalThis.FALCO_EXECUTABLE=${JSON.stringify(kind)};\n${requireText(root)}${loader}`);
}

function requireText(root: string): string {
  return Deno.readTextFileSync(join(root, "launcher", "require.js"));
}

/** A bundle of the CommonJS kind as an expression. */
function asFunction(bundle: string): string {
  return `(function (require, module, exports) {${bundle}\n})`;
}

/** A module that holds a bundle of the CommonJS kind. */
function asModule(root: string, bundle: string): string {
  const names = "const require=requireWhenNeeded,module={exports:{}},exports=module.exports;";
  return `${requireText(root)}${names}\n${bundle}`;
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

async function collectAssets(
  root: string,
  workFolder: string,
  programs: ReadonlyMap<string, Uint8Array>,
  workers: ReadonlyMap<string, string>,
): Promise<Map<string, Uint8Array>> {
  const assets = new Map<string, Uint8Array>();
  for (const [name, path] of Object.entries(ASSETS)) {
    if (path !== undefined) assets.set(name, Deno.readFileSync(join(root, path)));
  }
  for (const [name, bytes] of programs) assets.set(name, bytes);
  for (const [name, text] of workers) assets.set(name, encode(asModule(root, text)));
  for (const [name, bytes] of await makeBundledLibraries(root, workFolder)) assets.set(name, bytes);
  return assets;
}

/** @returns why it cannot be done */
async function denoCompile(
  workFolder: string,
  program: Uint8Array,
  assets: Uint8Array,
  output: string,
): Promise<string | undefined> {
  const folder = join(workFolder, "compiled");
  Deno.mkdirSync(folder, { recursive: true });
  Deno.writeFileSync(join(folder, "falco.js"), program);
  Deno.writeFileSync(join(folder, "assets.bin"), assets);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["compile", "--quiet", "--allow-all", "--no-config", "--no-lock", "--no-check"],
      ...["--include", "assets.bin", "--output", output, "falco.js"],
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}

async function assemble(
  root: string,
  workFolder: string,
  program: Uint8Array,
  assets: Uint8Array,
  output: string,
): Promise<void> {
  const launcher = join(workFolder, "launcher");
  Deno.writeTextFileSync(join(workFolder, "environment.h"), environmentHeader());
  await run("cc", [
    ...["-O2", "-static", "-s", "-Wl,--build-id=none", `-I${workFolder}`, "-o", launcher],
    ...["launcher.c", "environment.c", "start_state.c", "user_exec.c"].map((file) =>
      join(root, "launcher", file)
    ),
  ]);
  const parts = [
    Deno.readFileSync(Deno.execPath()),
    // as an address it is an argument of the runtime, and needs no file
    encode(`data:application/javascript;base64,${Buffer.from(program).toString("base64")}`),
    assets,
    Deno.readFileSync(libraryPath("libgcc_s.so.1")),
  ];
  const trailer = new Uint8Array(8 * parts.length + MAGIC.length);
  const data = new DataView(trailer.buffer);
  parts.forEach(({ length }, i) => data.setBigUint64(8 * i, BigInt(length), true));
  trailer.set(new TextEncoder().encode(MAGIC), 8 * parts.length);
  // another name first: the file may be running
  const temporary = `${output}.${Deno.pid}`;
  using file = Deno.openSync(temporary, { write: true, create: true, truncate: true, mode: 0o755 });
  for (const part of [padded(Deno.readFileSync(launcher)), ...parts, trailer]) {
    for (let at = 0; at < part.length;) at += file.writeSync(part.subarray(at));
  }
  Deno.renameSync(temporary, output);
}

/** The runtime is mapped from where it begins. */
function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / PAGE_BYTES) * PAGE_BYTES);
  whole.set(bytes);
  return whole;
}
