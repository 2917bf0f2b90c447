// The files of a layer: a tar archive, packed by gzip, taken apart in memory.
// In: bytes from a stranger. Out: names and contents; an ArtifactError for anything that is no plain file.
// Elsewhere: where the files go (install/store.ts).
//
// Nothing is written here, so that no link, device or `..` can lead anywhere; they are refused all the same, since an
// archive that holds them was not made for this.

import { ByteCollector } from "../../base/mod.ts";
import { ArtifactError, quoted } from "../failure.ts";
import type { ArtifactType } from "./media_types.ts";
import { tarEntries, type TarEntry } from "./tar.ts";

export interface PackedFile {
  /** without folders */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MAX_FILES = 100;
const UNPACKED_BYTES: Readonly<Record<ArtifactType, number>> = { rulesfile: 32 << 20, plugin: 256 << 20 };
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const ENDINGS: Readonly<Record<ArtifactType, RegExp>> = { rulesfile: /\.ya?ml$/, plugin: /\.so(?:\.\d+)*$/ };
const TEXTS: Readonly<Record<ArtifactType, string>> = {
  rulesfile: "a rules file (.yaml or .yml)",
  plugin: "a plugin (.so)",
};

export async function unpack(layer: Uint8Array<ArrayBuffer>, type: ArtifactType): Promise<PackedFile[]> {
  const files = filesOf(await unzip(layer, UNPACKED_BYTES[type]));
  const wanted = files.filter(({ name }) => ENDINGS[type].test(name));
  if (wanted.length === 0) throw new ArtifactError(`its archive holds no ${TEXTS[type].slice(2)}`);
  return wanted;
}

async function unzip(packed: Uint8Array<ArrayBuffer>, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const all = new ByteCollector(maxBytes);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    for await (const chunk of stream) {
      if (!all.add(chunk)) throw new ArtifactError(`its archive unpacks to more than ${maxBytes} bytes`);
    }
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError("its archive is not packed by gzip, or broken");
  }
  return all.take();
}

function filesOf(archive: Uint8Array<ArrayBuffer>): PackedFile[] {
  const files: PackedFile[] = [];
  for (const entry of tarEntries(archive)) {
    const name = checkEntry(entry, files);
    if (name !== undefined) files.push({ name, bytes: entry.bytes });
  }
  return files;
}

/** @returns undefined for folders, which only lead to files */
function checkEntry({ name, kind }: TarEntry, files: readonly PackedFile[]): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (name.startsWith("/") || parts.includes("..")) {
    throw new ArtifactError(`its archive holds a path that leads out of it: ${quoted(name)}`);
  }
  if (kind === "folder") return undefined;
  if (kind !== "file") {
    throw new ArtifactError(`its archive holds a ${kind}, ${quoted(name)}, and may hold files only`);
  }
  const last = parts.at(-1) ?? "";
  if (!NAME.test(last)) {
    throw new ArtifactError(`its archive holds a file with a name that cannot be used: ${quoted(name)}`);
  }
  if (files.some((file) => file.name === last)) {
    throw new ArtifactError(`its archive holds ${quoted(last)} twice`);
  }
  if (files.length >= MAX_FILES) throw new ArtifactError(`its archive holds more than ${MAX_FILES} files`);
  return last;
}
