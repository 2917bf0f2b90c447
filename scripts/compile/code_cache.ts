// Build step: what V8 finds when it takes the program apart, so that no start has to: a fifth of a second of CPU.
// In: the assets of the executable. Out: V8's code cache of the program, as it is after the program has read and compiled the
// bundled rules: with the code of the functions that a start calls. The same assets give the same bytes.
// It is made by the runtime of the executable: one of another version or with other flags does not take it, and goes
// without. Elsewhere: using it (launcher/loader.js).

import { Buffer } from "node:buffer";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";
import { packAssets } from "../../assets/archive.ts";
import { RUNTIME_VARIABLES, V8_VARIABLES } from "../../assets/environment.ts";
import { blockSignals } from "../../ffi/signal_mask.ts";

/**
 * V8 notes when code was last called and how far it is on its way to be optimized, which would differ from build to build. In
 * the code of a comparison it notes of what kind the texts were, which a collection of garbage can change: nothing is collected.
 */
const STEADY_FLAGS = [
  "--min-semi-space-size=512",
  "--max-semi-space-size=512",
  "--initial-old-space-size=2048",
  "--no-flush-bytecode",
  "--no-opt",
  "--no-maglev",
  "--no-sparkplug",
  "--no-profile-guided-optimization",
  "--single-threaded",
];
/** Where a cache says for which flags it is good: those above change nothing about the code that is in it. */
const FLAGS_AT = 12, FLAGS_BYTES = 4;
const RULES = "falco_rules.yaml";
const SETTLED_US = 10_000;
/** As a start finds them by default. */
const NAMES = {
  assets: "assets.bin",
  program: "program.js",
  cache: "program.cache",
  settings: "settings.yaml",
};

export async function makeCodeCache(
  workFolder: string,
  assets: ReadonlyMap<string, Uint8Array>,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = join(workFolder, "cache");
  const at = (name: keyof typeof NAMES) => join(folder, NAMES[name]);
  Deno.mkdirSync(folder);
  Deno.writeFileSync(at("assets"), packAssets(assets));
  Deno.writeFileSync(at("program"), assets.get("program.js")!);
  Deno.writeFileSync(join(folder, RULES), assets.get(RULES)!);
  Deno.writeTextFileSync(at("settings"), "");
  // by names that are the same each time
  const args = ["--dry-run", "-c", NAMES.settings, "-r", RULES];
  const flags = { DENO_V8_FLAGS: [V8_VARIABLES.DENO_V8_FLAGS, ...STEADY_FLAGS].join(",") };
  await evaluate(args, { ...RUNTIME_VARIABLES, ...flags, FALCO_CACHE: folder }, folder);
  const cache = Deno.readFileSync(at("cache"));
  cache.set(await flagsOfRuntime(), FLAGS_AT);
  return cache;
}

/** As the executable is started. */
async function flagsOfRuntime(): Promise<Uint8Array> {
  const words = await evaluate([], { ...RUNTIME_VARIABLES, ...V8_VARIABLES });
  return Uint8Array.from(words.trim().split(" ").map(Number));
}

/** In an environment of its own: what is set where it is built is none of the inputs. */
async function evaluate(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = "/",
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-config", fileURLToPath(import.meta.url), ...args],
    cwd,
    clearEnv: true,
    env: { ...env },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot make the program's code cache:\n${text(stderr).trim()}`);
  return text(stdout);
}

/** Whether the runtime that executes this takes it. */
export function takesCodeCache(text: string, cache: Uint8Array): boolean {
  return new Script(text, { cachedData: Buffer.from(cache) }).cachedDataRejected === false;
}

/** Runs the program until it ends, as launcher/loader.js does, and writes the cache then. */
function runProgram(folder: string): void {
  // or the program would start itself once more (main.ts)
  blockSignals();
  Object.assign(globalThis, {
    FALCO_EXECUTABLE: "compiled",
    FALCO_MODULE: pathToFileURL(join(folder, "falco.js")).href,
  });
  const script = new Script(Deno.readTextFileSync(join(folder, NAMES.program)), { filename: "falco.js" });
  const { exit } = Deno;
  Deno.exit = (code) => {
    if (code === 0) Deno.writeFileSync(join(folder, NAMES.cache), script.createCachedData());
    return exit(code);
  };
  const module = { exports: {} };
  script.runInThisContext()(createRequire("file:///"), module, module.exports);
}

/**
 * V8 numbers functions as they turn up, those of the runtime as well. How it waits, it only loads when a call of another
 * thread's is not over at once, which is chance.
 */
async function settle(): Promise<void> {
  const symbols = { usleep: { parameters: ["u32"], result: "i32", nonblocking: true } } as const;
  const libc = Deno.dlopen("libc.so.6", symbols);
  await libc.symbols.usleep(SETTLED_US);
  // the runtime's own events at the end of a module's evaluation
  await new Promise((resolve) => setTimeout(resolve));
}

if (import.meta.main) {
  const folder = Deno.env.get("FALCO_CACHE");
  if (folder !== undefined) settle().then(() => runProgram(folder));
  else console.log(new Script("0").createCachedData().subarray(FLAGS_AT, FLAGS_AT + FLAGS_BYTES).join(" "));
}
