// What `falco --support` prints: all that somebody who is to help needs to know, as Falco's one JSON document.
// In: settings, rules files, the command line. Out: the document. It can be sent on: secrets are masked.
// Elsewhere: masking (support_secrets.ts, support_config.ts).

import { VERSION, versions } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import { readRegularFile } from "../../files/mod.ts";
import { MAX_SOURCE_BYTES } from "../../rules/mod.ts";
import { configText } from "./support_config.ts";
import { maskText } from "./support_secrets.ts";

interface RulesFile {
  readonly name: string;
  readonly bytes?: Uint8Array | undefined;
}

export interface SupportOptions {
  readonly settings: Settings;
  /** `bytes`: of a file that is inside the executable; all others are read from the disk */
  readonly rulesFiles: readonly RulesFile[];
  readonly args: readonly string[];
}

export function supportDocument(
  { settings, rulesFiles, args }: SupportOptions,
): Readonly<Record<string, unknown>> {
  return {
    cmdline: ["falco", ...args.map(maskText)].join(" "),
    config: configText(settings),
    engine_info: versions(),
    rules_files: rulesFiles.map((file) => ({ name: file.name, variants: [variant(file)] })),
    system_info: {
      machine: Deno.build.arch,
      nodename: Deno.hostname(),
      release: kernelWord("osrelease"),
      sysname: kernelWord("ostype"),
      version: kernelWord("version"),
    },
    version: VERSION,
  };
}

/** A file that cannot be read is what the helper should hear of. */
function variant({ name, bytes }: RulesFile): Readonly<Record<string, string>> {
  const read = bytes === undefined ? readRegularFile(name, MAX_SOURCE_BYTES) : { bytes };
  return "bytes" in read
    ? { content: new TextDecoder().decode(read.bytes) }
    : { content: "", error: read.problem.reason };
}

/** What uname tells. */
function kernelWord(name: string): string {
  try {
    return Deno.readTextFileSync(`/proc/sys/kernel/${name}`).trim();
  } catch {
    return "";
  }
}
