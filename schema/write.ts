// Writes the generated files, or checks that they are what the schema says.
// In: [--check] as the only argument. Out: files under the project's root; exit code 1 when --check finds a
// difference. Elsewhere: the build, which does the same among other things (scripts/compile.ts).

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generate } from "./generate.ts";

async function readOrNull(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Brings the generated files up to date; returns the paths that differed. */
export async function writeGenerated(root: string, check: boolean): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, content] of generate()) {
    const target = join(root, path);
    if (await readOrNull(target) === content) continue;
    changed.push(path);
    if (check) continue;
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, content);
  }
  return changed;
}

if (import.meta.main) {
  const check = Deno.args.includes("--check");
  const root = fileURLToPath(new URL("..", import.meta.url));
  const changed = await writeGenerated(root, check);
  for (const path of changed) console.log(`${check ? "differs" : "written"}: ${path}`);
  if (check && changed.length > 0) Deno.exit(1);
}
