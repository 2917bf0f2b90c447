// Build step: what V8 finds when it takes the program apart, so that no start has to: a seventh of a second of CPU.
// In: the program's text, as the loader evaluates it. Out: V8's code cache of it. The same text gives the same bytes: no function has
// run, since what V8 keeps of one that has depends on more than its text.
// It is made by the runtime of the executable, in a process with the same flags: one of another version or with others
// does not take it, and goes without. Elsewhere: using it (launcher/loader.js).

import { Buffer } from "node:buffer";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { V8_VARIABLES } from "../../assets/environment.ts";
import { run } from "./bundled_libraries.ts";

export async function makeCodeCache(
  workFolder: string,
  program: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = join(workFolder, "program.text"), cache = join(workFolder, "program.cache");
  Deno.writeFileSync(text, program);
  await run(
    Deno.execPath(),
    ["run", "--allow-read", "--allow-write", fileURLToPath(import.meta.url), text, cache],
    V8_VARIABLES,
  );
  return Deno.readFileSync(cache);
}

/** Whether the runtime that executes this takes it. */
export function takesCodeCache(text: string, cache: Uint8Array): boolean {
  return new Script(text, { cachedData: Buffer.from(cache) }).cachedDataRejected === false;
}

if (import.meta.main) {
  const [text, cache] = Deno.args;
  Deno.writeFileSync(cache!, new Script(Deno.readTextFileSync(text!)).createCachedData());
}
