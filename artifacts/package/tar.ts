// The entries of a tar archive that lies in memory, as ustar, pax and GNU tar write them.
// In: bytes from a stranger. Out: name, kind and content of each entry; an ArtifactError when it is no archive.
// Elsewhere: which entries are let through (unpack.ts).

import { ArtifactError } from "../failure.ts";

export interface TarEntry {
  readonly name: string;
  /** the type flag in words */
  readonly kind:
    | "file"
    | "folder"
    | "link"
    | "symbolic link"
    | "device"
    | "FIFO"
    | "thing of an unknown kind";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const BLOCK = 512;
const MAX_NAME_BYTES = 4096;
const KINDS: Readonly<Record<string, TarEntry["kind"]>> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "1": "link",
  "2": "symbolic link",
  "3": "device",
  "4": "device",
  "5": "folder",
  "6": "FIFO",
};
const LONG_NAME = "L";
const PAX = "x";
/** Comments for all entries: nothing of them matters here. */
const PAX_GLOBAL = "g";

export function* tarEntries(archive: Uint8Array<ArrayBuffer>): Generator<TarEntry, void> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    // two empty blocks end it
    if (header.every((byte) => byte === 0)) return;
    const sizeBytes = number(header.subarray(124, 136));
    if (number(header.subarray(148, 156)) !== checksum(header)) throw broken("a checksum is wrong");
    const bytes = archive.subarray(at + BLOCK, at + BLOCK + sizeBytes);
    if (bytes.length < sizeBytes) throw broken("it ends too early");
    at += BLOCK + Math.ceil(sizeBytes / BLOCK) * BLOCK;
    const flag = String.fromCharCode(header[156]!);
    if (flag === LONG_NAME) longName = text(bytes.subarray(0, MAX_NAME_BYTES));
    else if (flag === PAX) longName = paxPath(bytes) ?? longName;
    else if (flag !== PAX_GLOBAL) {
      yield { name: longName ?? nameOf(header), kind: KINDS[flag] ?? "thing of an unknown kind", bytes };
      longName = undefined;
    }
  }
}

function nameOf(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 262)) === "ustar" ? text(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Records are `LENGTH KEY=VALUE\n`. A size there would say how much to read in another way: nobody needs it for small files. */
function paxPath(bytes: Uint8Array): string | undefined {
  let path: string | undefined;
  for (let at = 0; at < bytes.length;) {
    const length = /^(\d{1,7}) /.exec(text(bytes.subarray(at, at + 8)))?.[1];
    if (length === undefined || Number(length) <= length.length + 1) throw broken("a record of pax is none");
    const record = text(
      bytes.subarray(at + length.length + 1, at + Math.min(Number(length), MAX_NAME_BYTES)),
    );
    if (record.startsWith("path=")) path = record.slice("path=".length).replace(/\n$/, "");
    if (record.startsWith("size=")) throw broken("a record of pax sets a size");
    at += Number(length);
  }
  return path;
}

/** Octal digits with blanks or zeros around them. */
function number(field: Uint8Array): number {
  const digits = text(field).trim();
  if (!/^[0-7]{0,11}$/.test(digits)) throw broken("a number is none");
  return digits === "" ? 0 : parseInt(digits, 8);
}

/** Of all bytes, with blanks in place of itself. */
function checksum(header: Uint8Array): number {
  let sum = 0;
  for (const [at, byte] of header.entries()) sum += at >= 148 && at < 156 ? 0x20 : byte;
  return sum;
}

function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function broken(reason: string): ArtifactError {
  return new ArtifactError(`its archive is no tar, or broken: ${reason}`);
}
