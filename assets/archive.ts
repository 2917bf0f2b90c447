// The assets of the one-file executable: an index, then the bytes of each.
// In: the file that holds them, or assets to be packed. Out: where each is, and its bytes when they are asked for: all
// of them together would stay in memory. The same bytes for the same assets.
// Elsewhere: names and kinds (assets.ts), the file's other parts (scripts/compile/executable.ts). The loader reads the
// same in a few lines of its own (launcher/loader.js).

/** u32 length of the index, the index as JSON, the bytes of the assets */
export interface Archive {
  readonly file: string | URL;
  /** offset in the file of the first asset */
  readonly at: number;
  readonly index: Readonly<Record<string, readonly [at: number, bytes: number]>>;
}

/** u64 lengths of runtime, program, assets and libgcc, then eight bytes that mark it (launcher/launcher.c) */
const TRAILER = { bytes: 40, assetsAt: 16, libgccAt: 24 } as const;
const OWN_FILE = "/proc/self/exe";

/** A file that holds nothing else. */
export function archiveIn(file: string | URL): Archive {
  using open = Deno.openSync(file);
  return readIndex(open, file, 0);
}

/** Out of the executable that runs, or another. */
export function ownArchive(file = OWN_FILE): Archive {
  using open = Deno.openSync(file);
  const trailerAt = open.statSync().size - TRAILER.bytes;
  const lengths = new DataView(readAt(open, trailerAt, TRAILER.bytes).buffer);
  const assetsBytes = Number(lengths.getBigUint64(TRAILER.assetsAt, true));
  const libgccBytes = Number(lengths.getBigUint64(TRAILER.libgccAt, true));
  return readIndex(open, file, trailerAt - libgccBytes - assetsBytes);
}

/** @returns undefined when it is not there */
export function readAsset({ file, at, index }: Archive, name: string): Uint8Array<ArrayBuffer> | undefined {
  const entry = index[name];
  if (entry === undefined) return undefined;
  using open = Deno.openSync(file);
  return readAt(open, at + entry[0], entry[1]);
}

function readIndex(open: Deno.FsFile, file: string | URL, at: number): Archive {
  const indexBytes = new DataView(readAt(open, at, 4).buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(readAt(open, at + 4, indexBytes)));
  return { file, at: at + 4 + indexBytes, index };
}

function readAt(file: Deno.FsFile, at: number, bytes: number): Uint8Array<ArrayBuffer> {
  file.seekSync(at, Deno.SeekMode.Start);
  const read = new Uint8Array(bytes);
  for (let done = 0; done < bytes;) {
    const got = file.readSync(read.subarray(done));
    if (got === null) throw new Error("The executable is incomplete\n  remedy: copy it again");
    done += got;
  }
  return read;
}

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
