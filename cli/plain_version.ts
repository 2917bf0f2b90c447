// `falco --version` where no settings can ask for JSON, which is nearly everywhere: scripts ask often, and the one-file executable
// answers without its whole program (launcher/loader.js). This imports nothing that loads modules of the runtime.
// In: falco.yaml and the files of its folder, as text. Out: the versions; undefined when only the whole program can tell.
// Elsewhere: what settings mean (config/), `--version` next to other flags (print_forms.ts).

import { DEFAULT_FILE } from "../base/mod.ts";
import { versionText } from "./version.ts";

const FOLDER = "/etc/falco/config.d";
const MAX_BYTES = 1 << 20;
/** ways to write that there are no further files, or those of the folder */
const NO_FILES = /^config_files:\s*\[\s*\]\s*$/m;
const FOLDER_FILES =
  /^config_files:\s*(?:\[\s*\/etc\/falco\/config\.d\/?\s*\]|\n\s*- \/etc\/falco\/config\.d\/?)\s*$/m;

/** @param read the text of a file, "" when there is none, undefined when it is none to be read @param list names in a folder */
export function plainVersion(read = readText, list = listFolder): string | undefined {
  const settings = read(DEFAULT_FILE);
  if (settings === undefined || !isPlain(settings)) return undefined;
  const own = withoutComments(settings);
  if (FOLDER_FILES.test(own)) {
    for (const name of list(FOLDER)) {
      const text = read(`${FOLDER}/${name}`);
      if (text === undefined || !isPlain(text) || mentionsFiles(text)) return undefined;
    }
  } else if (mentionsFiles(settings) && !NO_FILES.test(own)) return undefined;
  return versionText();
}

/** Whether the only thing that it says of JSON is that there shall be none. */
function isPlain(text: string): boolean {
  return withoutComments(text).split("\n").every((line) =>
    !line.includes("json_output") || /^json_output:\s*false\s*$/.test(line)
  );
}

function mentionsFiles(text: string): boolean {
  return withoutComments(text).includes("config_files");
}

function withoutComments(text: string): string {
  return text.split("\n").map((line) => line.replace(/^\s*#.*$/, "")).join("\n");
}

function readText(path: string): string | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= MAX_BYTES ? Deno.readTextFileSync(path) : undefined;
  } catch (error) {
    return error instanceof Deno.errors.NotFound ? "" : undefined;
  }
}

function listFolder(path: string): string[] {
  try {
    return [...Deno.readDirSync(path)].map(({ name }) => name);
  } catch {
    return [];
  }
}
