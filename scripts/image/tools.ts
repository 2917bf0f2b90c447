// What the image's variant for program outputs and `kubectl exec` has on top: a shell with the usual small commands, curl
// and jq, from the system that builds, each with the libraries that it needs.
// In: that system. Out: entries for the layer (tar.ts).
// Elsewhere: everything that both images have (image_files.ts).

import { basename, join } from "node:path";
import type { TarEntry, TarFile } from "./tar.ts";

const FOLDERS = ["/usr/bin", "/bin", "/usr/local/bin"];
const PROGRAMS = ["busybox", "curl", "jq"];
const REMEDY = "install the packages busybox-static, curl and jq";
/** Scripts name these by their whole path. */
const IN_BIN = ["sh", "cat", "ls", "tail"];

/** @param libraryFolder where the image's loader looks for libraries */
export function imageTools(libraryFolder: string): Map<string, TarEntry> {
  const entries = new Map<string, TarEntry>();
  for (const name of PROGRAMS) {
    const path = findProgram(name);
    entries.set(`usr/bin/${name}`, file(path));
    for (const library of librariesOf(path)) {
      entries.set(join(libraryFolder, basename(library)), file(library));
    }
  }
  for (const applet of lines(output(findProgram("busybox"), "--list"))) {
    if (!entries.has(`usr/bin/${applet}`)) entries.set(`usr/bin/${applet}`, link("/usr/bin/busybox"));
  }
  for (const name of IN_BIN) entries.set(`bin/${name}`, link("/usr/bin/busybox"));
  return entries;
}

export function findProgram(name: string): string {
  const found = FOLDERS.map((folder) => join(folder, name)).find(isThere);
  if (found === undefined) {
    throw new Error(`Cannot find ${name}, which the image with tools holds\n  remedy: ${REMEDY}`);
  }
  return found;
}

/** As the loader finds them here; none of a static program, of which ldd says so by its exit code. */
export function librariesOf(path: string): string[] {
  const { success, stdout } = new Deno.Command("ldd", { args: [path], env: { LC_ALL: "C" } }).outputSync();
  if (!success) return [];
  return lines(new TextDecoder().decode(stdout)).flatMap((line) => /=> (\/\S+)/.exec(line)?.[1] ?? []);
}

function output(command: string, ...args: string[]): string {
  return new TextDecoder().decode(new Deno.Command(command, { args }).outputSync().stdout);
}

function lines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function file(path: string): TarFile {
  return { kind: "file", bytes: Deno.readFileSync(path), mode: 0o755 };
}

function link(target: string): TarEntry {
  return { kind: "link", target };
}
