// `falco import sigma RULES… -o DIR`: rules of Sigma become rules files, and what cannot is listed with its reason.
// In: files and folders, the folder for what is made. Out: files; a report on standard output; exit code 0 when all were
// converted, 1 when some were not, 2 for wrong use.
// Elsewhere: the conversion (sigma/).

import { messageOf, UsageError } from "../../base/mod.ts";
import { importSigma, MAX_SIGMA_BYTES, type SigmaFile } from "../../sigma/mod.ts";
import { reportFailure, USAGE_ERROR } from "../failure.ts";
import { printText } from "../terminal/print_text.ts";

export interface ImportSigmaOptions {
  readonly outputDir: string;
}

const MAX_FILES = 20_000;
const MAX_DEPTH = 20;

export async function importSigmaRules(
  given: readonly string[],
  options: ImportSigmaOptions,
): Promise<number> {
  try {
    const paths = given.flatMap((path) => sigmaPaths(path, 0));
    if (paths.length === 0) throw new UsageError([`there is no .yml or .yaml file in ${given.join(", ")}`]);
    if (paths.length > MAX_FILES) throw new UsageError([`${paths.length} files are too many at once`]);
    const { files, converted, unconverted } = importSigma(paths.map(read));
    Deno.mkdirSync(options.outputDir, { recursive: true });
    for (const [name, text] of files) Deno.writeTextFileSync(`${options.outputDir}/${name}`, text);
    const lines = [
      ...unconverted.map(({ title, reason }) => `not converted: ${harmless(title)}: ${harmless(reason)}`),
      `${converted.length} of ${converted.length + unconverted.length} rules converted` +
      (files.size === 0
        ? ""
        : `, in ${[...files.keys()].map((name) => `${options.outputDir}/${name}`).join(", ")}`),
    ];
    await printText(`${lines.join("\n")}\n`);
    return unconverted.length > 0 ? 1 : 0;
  } catch (error) {
    reportFailure(error);
    return error instanceof UsageError ? USAGE_ERROR : 1;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound;
    throw new UsageError([
      `cannot read ${path}: ${isAbsent ? "there is no such file or folder" : messageOf(error)}`,
    ]);
  }
}

/** In the order of their names. */
function sigmaPaths(path: string, depth: number): string[] {
  if (!isFolder(path)) return [path];
  if (depth > MAX_DEPTH) return [];
  return [...Deno.readDirSync(path)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    const inner = `${path}/${entry.name}`;
    if (entry.isDirectory) return sigmaPaths(inner, depth + 1);
    return entry.isFile && /\.ya?ml$/.test(entry.name) ? [inner] : [];
  });
}

function read(path: string): SigmaFile {
  // one byte more shows that the file is too large
  const { size } = Deno.statSync(path);
  return {
    name: path,
    text: size > MAX_SIGMA_BYTES ? " ".repeat(MAX_SIGMA_BYTES + 1) : Deno.readTextFileSync(path),
  };
}

/** Titles are strangers' text. */
function harmless(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd").slice(0, 300);
}
