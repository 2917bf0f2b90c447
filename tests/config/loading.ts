// What tests of the configuration share: loading a text as the file f.yaml, in a folder of its own.

import { join } from "node:path";
import { type LoadedSettings, type LoadOptions, loadSettings } from "../../config/load.ts";

/** Messages say f.yaml, not the folder. */
export function load(
  text: string,
  overrides: readonly string[] = [],
  options: LoadOptions = {},
): LoadedSettings {
  return loadFiles({ "f.yaml": text }, overrides, options);
}

/** The first file is the main one; texts may say DIR for the folder. */
export function loadFiles(
  files: Readonly<Record<string, string>>,
  overrides: readonly string[] = [],
  options: LoadOptions = {},
): LoadedSettings {
  const folder = Deno.makeTempDirSync();
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      Deno.mkdirSync(join(path, ".."), { recursive: true });
      Deno.writeTextFileSync(path, text.replaceAll("DIR", folder));
    }
    const main = join(folder, Object.keys(files)[0]!);
    const given = overrides.map((text) => text.replaceAll("DIR", folder));
    const loaded = loadSettings(main, given, options);
    const short = (lines: readonly string[]) => lines.map((line) => line.replaceAll(`${folder}/`, ""));
    const { problems, warnings, missing, files: read, folders } = loaded;
    return {
      ...loaded,
      problems: short(problems),
      warnings: short(warnings),
      missing: short(missing),
      files: short(read),
      folders: short(folders),
    };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Without any file, whatever lies in /etc/falco. */
export function loadOptions(...overrides: string[]): LoadedSettings {
  return loadSettings(undefined, overrides, { defaultFile: "/nowhere/falco.yaml" });
}
