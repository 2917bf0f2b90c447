// The files that belong to the program: from the source tree, or out of the one-file executable.
// In: a name of ASSETS. Out: its bytes.
// Elsewhere: how they lie in the executable (archive.ts), putting them there (scripts/compile/executable.ts), a path for
// those who need one (ffi/memory_file.ts).

import { type Archive, archiveIn, ownArchive, readAsset } from "./archive.ts";

/** Each asset with where it lies in the source tree; none there: only the executable has it. */
export const ASSETS = {
  "matcher.wasm": "build/matcher.wasm",
  "probe.bpf.o": "build/probe.bpf.o",
  "preemption.bpf.o": "build/preemption.bpf.o",
  "falco_rules.yaml": "rules/bundled/falco_rules.yaml",
  "k8s_audit_rules.yaml": "rules/bundled/k8s_audit_rules.yaml",
  "program.js": undefined,
  "program.cache": undefined,
  "version.js": undefined,
  "engine_worker.js": undefined,
  "spool_worker.js": undefined,
  "loading_worker.js": undefined,
  "libz.so.1": undefined,
  "libelf.so.1": undefined,
  "libbpf.so.1": undefined,
} as const;

export type AssetName = keyof typeof ASSETS;

/** How the program was put together; the executable's loader has set it (launcher/loader.js). */
type Kind = "launcher" | "compiled";

const globals = globalThis as { FALCO_EXECUTABLE?: Kind; FALCO_MODULE?: string };
const kind = globals.FALCO_EXECUTABLE;
let archive: Archive | undefined;
/** By asset. */
const bundledWorkers = new Map<AssetName, string>();

/** Whether everything comes out of one file, with nothing next to it. */
export const isOneFile = kind !== undefined;

/** Where an asset lies on the disk; undefined in the one-file executable. */
export function assetFile(name: AssetName): string | undefined {
  const place = ASSETS[name];
  return isOneFile || place === undefined ? undefined : new URL(`../${place}`, import.meta.url).pathname;
}

/** @throws Error that says how to build what is missing */
export function assetBytes(name: AssetName): Uint8Array<ArrayBuffer> {
  const path = assetFile(name);
  if (path === undefined) return fromArchive(name);
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw new Error(
      `Cannot read ${path}: ${error instanceof Error ? error.message : error}\n` +
        "  remedy: build it with deno task build",
      { cause: error },
    );
  }
}

/**
 * The module of a thread.
 * @param source where it lies in the source tree
 */
export function workerUrl(name: AssetName, source: () => URL): URL | string {
  if (!isOneFile) return source();
  const known = bundledWorkers.get(name);
  if (known !== undefined) return known;
  // so that the thread finds assets as this one does
  const place = `globalThis.FALCO_EXECUTABLE=${JSON.stringify(kind)};` +
    `globalThis.FALCO_MODULE=${JSON.stringify(mainModule())};`;
  const url = URL.createObjectURL(new Blob([place, assetBytes(name)], { type: "text/javascript" }));
  bundledWorkers.set(name, url);
  return url;
}

function mainModule(): string {
  return globals.FALCO_MODULE ?? Deno.mainModule;
}

function fromArchive(name: AssetName): Uint8Array<ArrayBuffer> {
  archive ??= kind === "launcher" ? ownArchive() : archiveIn(new URL("assets.bin", mainModule()));
  const bytes = readAsset(archive, name);
  if (bytes === undefined) throw new Error(`The executable holds no ${name}\n  remedy: use a complete build`);
  return bytes;
}
