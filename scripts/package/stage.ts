// A folder with the files of a package as they will lie below /.
// In: the files. Out: the folder, with the modes and times that the package shall have, whatever the umask.

import { dirname, join } from "node:path";
import { buildTimeS } from "./build_time.ts";
import type { PackagedFile } from "./files.ts";

export function stage(folder: string, files: readonly PackagedFile[]): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const { path, content, mode } of files) {
    const at = join(folder, path);
    Deno.mkdirSync(content === undefined ? at : dirname(at), { recursive: true });
    if (content !== undefined && "link" in content) {
      Deno.symlinkSync(content.link, at);
      continue;
    }
    if (content instanceof Uint8Array) Deno.writeFileSync(at, content);
    else if (content !== undefined) Deno.copyFileSync(content.from, at);
    Deno.chmodSync(at, mode);
  }
  settle(folder);
}

/** Folders last: what is made in them changes their times. */
export function settle(folder: string): void {
  const timeS = buildTimeS();
  for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
    const at = join(folder, name);
    if (isDirectory) settle(at);
    else if (!isSymlink) Deno.utimeSync(at, timeS, timeS);
  }
  Deno.chmodSync(folder, 0o755);
  Deno.utimeSync(folder, timeS, timeS);
}

/** What stands for `@NAME@` in a template. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@([A-Z_]+)@/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`The template of a package names @${name}@, which nothing stands for`);
    }
    return value;
  });
}
