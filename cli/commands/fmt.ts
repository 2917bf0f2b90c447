// `falco fmt PATH…`: rules files in one layout.
// In: paths, and whether to write. Out: files that are written again where they differ, and what pipes hold on standard output;
// exit code 0, or 1 for a file that cannot be read or written or, with --check, would be changed. Elsewhere: the layout (rules/format/).

import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { sanitize, UsageError } from "../../base/mod.ts";
import { type Diagnostic, format, isNamedPipe, namePipes, renderDiagnostics } from "../../rules/mod.ts";
import { readRulesFiles, rulesPaths } from "../../service/loading/mod.ts";
import { reportFailure, USAGE_ERROR } from "../failure.ts";
import { printText } from "../terminal/print_text.ts";
import { rewriteFile } from "./rewrite_file.ts";

export interface FmtOptions {
  readonly check?: true;
  readonly diff?: true;
}

export async function fmt(given: readonly string[], options: FmtOptions): Promise<number> {
  try {
    namePipes(given);
    const paths = rulesPaths(given);
    if (paths.length === 0) {
      throw new UsageError([`there is no .yml or .yaml file in ${given.join(", ")}`]);
    }
    const { sources, unreadable } = readRulesFiles(paths);
    const found: Diagnostic[] = [...unreadable];
    let differing = 0;
    let isWritten = true;
    for (const source of sources) {
      const made = format(source);
      if (!("text" in made)) {
        found.push(...made.findings);
        continue;
      }
      const original = textOf(source.path) ?? source.text;
      const differs = made.text !== original;
      if (differs) differing++;
      if (options.diff) {
        if (differs) await printText(patchOf(source.path, original, made.text));
      } else if (options.check) {
        if (differs) await printText(`${source.path}\n`);
      } else if (isNamedPipe(source.path)) await printText(made.text);
      else if (differs) {
        const problem = rewriteFile(source, made.text, false);
        if (problem === undefined) await printText(`${source.path}\n`);
        else {
          reportFailure(new Error(`Cannot write ${source.path}: ${problem}`));
          isWritten = false;
        }
      }
    }
    if (found.length > 0) console.error(renderDiagnostics(found, { colour: false }));
    const isBad = found.some(({ severity }) => severity === "error") || !isWritten;
    return isBad || (options.check && differing > 0) ? 1 : 0;
  } catch (error) {
    reportFailure(error);
    return error instanceof UsageError ? USAGE_ERROR : 1;
  }
}

/** What a file holds can be hostile, and a terminal obeys what it is shown. */
function patchOf(path: string, before: string, after: string): string {
  const options = { headerOptions: FILE_HEADERS_ONLY };
  const patch = createTwoFilesPatch(path, path, before, after, undefined, undefined, options);
  return patch.split("\n").map((line) => sanitize(line)).join("\n");
}

/** With its own ends of lines, which the reader makes one; nothing for a pipe, which can be read but once. */
function textOf(path: string): string | undefined {
  try {
    return isNamedPipe(path)
      ? undefined
      : new TextDecoder("utf-8", { ignoreBOM: true }).decode(Deno.readFileSync(path));
  } catch {
    return undefined;
  }
}
