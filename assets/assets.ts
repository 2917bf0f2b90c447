// The files that belong to the program: from the source tree, or out of the one-file executable.
// In: a name of ASSETS. Out: its bytes. Main thread only: workers are handed what they need.
// Elsewhere: putting them into the executable (scripts/compile/executable.ts), a path for those who need one
// (ffi/memory_file.ts).

/** Each asset with where it lies in the source tree; none there: only the executable has it. */
export const ASSETS = {
  "matcher.wasm": "build/matcher.wasm",
  "probe.bpf.o": "build/probe.bpf.o",
  "falco_rules.yaml": "rules/bundled/falco_rules.yaml",
  "k8s_audit_rules.yaml": "rules/bundled/k8s_audit_rules.yaml",
  "program.js": undefined,
  "engine_worker.js": undefined,
  "spool_worker.js": undefined,
  "libz.so.1": undefined,
  "libelf.so.1": undefined,
  "libbpf.so.1": undefined,
} as const;

export type AssetName = keyof typeof ASSETS;

/** How the program was put together; the executable's loader has set it (launcher/loader.js). */
type Kind = "launcher" | "compiled";

/** u32 length of the index, the index as JSON, the bytes of the assets */
interface Archive {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly index: Readonly<Record<string, readonly [at: number, bytes: number]>>;
}

const kind = (globalThis as { FALCO_EXECUTABLE?: Kind }).FALCO_EXECUTABLE;
let archive: Archive | undefined;

/** Whether everything comes out of one file, with nothing beside it. */
export const isOneFile = kind !== undefined;

/** Whether the launcher has started it. */
export const isLaunched = kind === "launcher";

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

function fromArchive(name: AssetName): Uint8Array<ArrayBuffer> {
  archive ??= readArchive();
  const entry = archive.index[name];
  if (entry === undefined) throw new Error(`The executable holds no ${name}\n  remedy: use a complete build`);
  return archive.bytes.slice(entry[0], entry[0] + entry[1]);
}

function readArchive(): Archive {
  // the launcher leaves the archive open there (launcher/launcher.c)
  const path = kind === "launcher" ? "/proc/self/fd/101" : new URL("assets.bin", Deno.mainModule);
  const bytes = Deno.readFileSync(path);
  const indexBytes = new DataView(bytes.buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + indexBytes)));
  return { bytes: bytes.subarray(4 + indexBytes), index };
}

/** The archive that `assetBytes` reads, of the same bytes for the same assets. */
export function packAssets(assets: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  const index: Record<string, [number, number]> = {};
  let at = 0;
  for (const [name, bytes] of [...assets].sort(([a], [b]) => a < b ? -1 : 1)) {
    index[name] = [at, bytes.length];
    at += bytes.length;
  }
  const head = new TextEncoder().encode(JSON.stringify(index));
  const packed = new Uint8Array(4 + head.length + at);
  new DataView(packed.buffer).setUint32(0, head.length, true);
  packed.set(head, 4);
  for (const [name, [from]] of Object.entries(index)) packed.set(assets.get(name)!, 4 + head.length + from);
  return packed;
}
