// Tar archives that depend on nothing but what is put in: no times, no owners of this machine, names in order.
// In: entries. Out: the bytes of an archive in the ustar format.
// Elsewhere: what goes into the image (image_files.ts) and around it (oci.ts).

export interface TarFile {
  readonly kind: "file";
  readonly bytes: Uint8Array;
  /** default: 0o644 */
  readonly mode?: number;
}

export interface TarFolder {
  readonly kind: "folder";
  /** default: 0o755 */
  readonly mode?: number;
}

export interface TarLink {
  readonly kind: "link";
  readonly target: string;
}

export type TarEntry = TarFile | TarFolder | TarLink;

const BLOCK = 512;
const TYPE_FLAGS = { file: "0", link: "2", folder: "5" } as const;
const encoder = new TextEncoder();

/** Paths are relative; folders that lead to an entry are added. */
export function makeTar(entries: ReadonlyMap<string, TarEntry>): Uint8Array<ArrayBuffer> {
  const all = withFolders(entries);
  const sorted = [...all].sort(([a], [b]) => a < b ? -1 : 1);
  const chunks: Uint8Array[] = [];
  for (const [path, entry] of sorted) {
    chunks.push(header(path, entry));
    if (entry.kind === "file") chunks.push(entry.bytes, new Uint8Array(-entry.bytes.length & (BLOCK - 1)));
  }
  chunks.push(new Uint8Array(2 * BLOCK));
  return join(chunks);
}

function withFolders(entries: ReadonlyMap<string, TarEntry>): Map<string, TarEntry> {
  const all = new Map(entries);
  for (const path of entries.keys()) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at);
      if (!all.has(folder)) all.set(folder, { kind: "folder" });
    }
  }
  return all;
}

function header(path: string, entry: TarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (at: number, bytes: number, text: string) => {
    const encoded = encoder.encode(text);
    if (encoded.length > bytes) throw new Error(`too long for a tar archive: ${text}`);
    block.set(encoded, at);
  };
  const octal = (at: number, bytes: number, value: number) =>
    put(at, bytes, value.toString(8).padStart(bytes - 1, "0"));
  const mode = entry.kind === "link" ? 0o777 : entry.mode ?? (entry.kind === "folder" ? 0o755 : 0o644);
  put(0, 100, entry.kind === "folder" ? `${path}/` : path);
  octal(100, 8, mode);
  octal(108, 8, 0); // root
  octal(116, 8, 0);
  octal(124, 12, entry.kind === "file" ? entry.bytes.length : 0);
  octal(136, 12, 0); // 1970: the same inputs give the same bytes
  put(148, 8, "        "); // the sum is made with blanks in its place
  put(156, 1, TYPE_FLAGS[entry.kind]);
  put(157, 100, entry.kind === "link" ? entry.target : "");
  put(257, 8, "ustar\x0000");
  put(148, 8, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `);
  return block;
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
