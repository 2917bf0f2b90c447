// Makes the packages: the executable, then a .deb and an .rpm of it.
// In: formats (`deb`, `rpm`; both when none is named); [--output FOLDER], by default dist/; [--executable FILE] packs
// this one instead of making dist/falco. Out: the packages, a line for each; exit code 1 after a message on standard error.
// Elsewhere: what is installed (scripts/package/files.ts), each format (scripts/package/), hand-written parts (packaging/).

import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { VERSION } from "../base/versions.ts";
import { compile } from "./compile.ts";
import { buildExecutable } from "./compile/executable.ts";
import { DIST_NEEDS, ensureTools } from "./compile/toolchain.ts";
import { buildDeb } from "./package/deb.ts";
import type { PackageFormat } from "./package/files.ts";
import { PACKAGE_NEEDS } from "./package/needs.ts";
import type { PackageRequest } from "./package/package_request.ts";
import { buildRpm } from "./package/rpm.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const BUILDERS: Readonly<Record<PackageFormat, (request: PackageRequest) => Promise<string>>> = {
  deb: buildDeb,
  rpm: buildRpm,
};

/** Returns the packages' paths. */
export function buildPackages(
  formats: readonly PackageFormat[],
  request: PackageRequest,
): Promise<string[]> {
  Deno.mkdirSync(request.output, { recursive: true });
  return Promise.all(formats.map((format) => BUILDERS[format](request)));
}

function isFormat(word: string): word is PackageFormat {
  return Object.hasOwn(BUILDERS, word);
}

async function main(): Promise<number> {
  const say = (line: string) => console.error(line);
  try {
    const { values, positionals } = parseArgs({
      args: Deno.args,
      options: { output: { type: "string" }, executable: { type: "string" } },
      allowPositionals: true,
    });
    const wrong = positionals.filter((word) => !isFormat(word));
    if (wrong.length > 0) throw new Error(`${wrong.join(", ")}: expected deb, rpm or nothing`);
    const chosen = positionals.filter(isFormat);
    const formats = chosen.length > 0 ? chosen : Object.keys(BUILDERS).filter(isFormat);
    const needs = formats.map((format) => PACKAGE_NEEDS[format]);
    for (
      const line of await ensureTools(values.executable === undefined ? [...DIST_NEEDS, ...needs] : needs)
    ) say(line);
    if (values.executable === undefined) {
      await compile(ROOT, say);
      for (const line of await buildExecutable(ROOT, { output: `${ROOT}dist/falco` })) say(line);
    }
    const packages = await buildPackages(formats, {
      root: ROOT,
      executable: resolve(values.executable ?? `${ROOT}dist/falco`),
      version: VERSION,
      output: resolve(values.output ?? `${ROOT}dist`),
      isQuick: false,
    });
    for (const path of packages) say(`built ${path} (${(Deno.statSync(path).size / 1e6).toFixed(1)} MB)`);
    return 0;
  } catch (error) {
    console.error(`package: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
