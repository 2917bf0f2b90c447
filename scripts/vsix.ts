// Makes the extension for VS Code: dist/falco-rules.vsix.
// In: editors/vscode/, the schemas that the program prints, the language client of npm. Out: one file, the same bytes for the
// same inputs. Elsewhere: what is in it (scripts/vsix/files.ts), how it is installed (docs/editors.md).

import { join } from "node:path";
import { zipSync } from "fflate";
import { extensionFiles } from "./vsix/files.ts";

const ROOT = new URL("..", import.meta.url).pathname;
/** Archives have no time before it. */
const TIME = new Date("1980-01-01T00:00:00");

export async function makeVsix(output: string): Promise<void> {
  const files = await extensionFiles(ROOT);
  const entries = [...files].map(([name, bytes]) => [name, [bytes, { mtime: TIME, level: 9 }]] as const);
  Deno.mkdirSync(join(output, ".."), { recursive: true });
  Deno.writeFileSync(output, zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0]));
}

if (import.meta.main) {
  const output = Deno.args[0] ?? join(ROOT, "dist", "falco-rules.vsix");
  await makeVsix(output);
  console.log(`built ${output} (${(Deno.statSync(output).size / 1e3).toFixed(0)} kB)`);
}
