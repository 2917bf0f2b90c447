// The assets of the one-file executable as one chunk of bytes.
// In: where they are, or assets to be packed. Out: an index and the bytes; the same bytes for the same assets.
// Elsewhere: names and kinds (assets.ts), the file's other parts (scripts/compile/executable.ts). The loader reads the
// same in a few lines of its own (launcher/loader.js).

/** u32 length of the index, the index as JSON, the bytes of the assets */
export interface Archive {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly index: Readonly<Record<string, readonly [at: number, bytes: number]>>;
}

/** u64 lengths of runtime, program, assets and libgcc, then eight bytes that mark it (launcher/launcher.c) */
const TRAILER = { bytes: 40, assetsAt: 16, libgccAt: 24 } as const;

export function readArchive(bytes: Uint8Array<ArrayBuffer>): Archive {
  const indexBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + indexBytes)));
  return { bytes: bytes.subarray(4 + indexBytes), index };
}

/** Out of the executable that runs. */
export function ownArchiveBytes(): Uint8Array<ArrayBuffer> {
  using file = Deno.openSync("/proc/self/exe");
  const trailer = readAt(file, -TRAILER.bytes, TRAILER.bytes);
  const lengths = new DataView(trailer.buffer);
  const assetsBytes = Number(lengths.getBigUint64(TRAILER.assetsAt, true));
  const libgccBytes = Number(lengths.getBigUint64(TRAILER.libgccAt, true));
  return readAt(file, -TRAILER.bytes - libgccBytes - assetsBytes, assetsBytes);
}

function readAt(file: Deno.FsFile, fromEnd: number, bytes: number): Uint8Array<ArrayBuffer> {
  file.seekSync(fromEnd, Deno.SeekMode.End);
  const read = new Uint8Array(bytes);
  for (let at = 0; at < bytes;) {
    const got = file.readSync(read.subarray(at));
    if (got === null) throw new Error("The executable is incomplete\n  remedy: copy it again");
    at += got;
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
