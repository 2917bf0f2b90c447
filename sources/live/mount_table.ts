// Mounts of a process: the device after a mount id, and whether a file of an overlay lies in its upper layer.
// In: /proc/PID/mountinfo. Elsewhere: who asks (fd_scan.ts, process_scan.ts).

import { readBytes, statFile } from "../../ffi/mod.ts";

export interface Mount {
  readonly id: number;
  /** as the kernel encodes it for user space: minor's low byte, major, rest of the minor */
  readonly dev: number;
  /** where it is mounted, in the mount namespace of the process */
  readonly folder: string;
  readonly type: string;
  /** of an overlay, in the mount namespace that mounted it */
  readonly upperFolder?: string;
}

export type Layer = "upper" | "lower" | undefined;

const MAX_FILE_BYTES = 16 << 20;
/** Anybody may have mount namespaces of 100,000 mounts each: what is beyond this in one scan is not looked into. */
const MAX_ALL_BYTES = 64 << 20;
const decoder = new TextDecoder();

/** A path as mountinfo writes it: blank, tab, line break and backslash as octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

export function encodeDev(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}

export function parseMountinfo(text: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of text.split("\n")) {
    // id parent major:minor root folder options [optional …] - type source super-options
    const words = line.split(" ");
    const dash = words.indexOf("-", 6);
    const dev = /^(\d+):(\d+)$/.exec(words[2] ?? "");
    if (dash < 0 || dev === null) continue;
    const type = words[dash + 1] ?? "";
    const upper = type === "overlay" ? /(?:^|,)upperdir=([^,]*)/.exec(words[dash + 3] ?? "")?.[1] : undefined;
    mounts.push({
      id: Number(words[0]),
      dev: encodeDev(Number(dev[1]), Number(dev[2])),
      folder: unescape(words[4] ?? ""),
      type,
      ...(upper === undefined ? {} : { upperFolder: unescape(upper) }),
    });
  }
  return mounts;
}

/** All mounts met in one scan. A mount id means the same in every mount namespace. */
export class MountTable {
  readonly #hostRoot: string;
  readonly #devById = new Map<number, number>();
  /** by mount namespace */
  readonly #mountsOf = new Map<string, readonly Mount[]>();
  readonly #maxBytes: number;
  #readBytes = 0;

  /** @param maxBytes of one process's table */
  constructor(hostRoot: string, maxBytes = MAX_FILE_BYTES) {
    this.#hostRoot = hostRoot;
    this.#maxBytes = maxBytes;
  }

  /** 0 when it is not known. */
  devOf(mountId: number, procFolder: string): number {
    const known = this.#devById.get(mountId);
    if (known !== undefined) return known;
    for (const mount of this.#read(procFolder)) this.#devById.set(mount.id, mount.dev);
    const dev = this.#devById.get(mountId) ?? 0;
    // detached mounts are in no table; ask for each only once
    this.#devById.set(mountId, dev);
    return dev;
  }

  /** In which layer of an overlay the file at `path` (as the process sees it) lies. */
  layerOf(path: string, procFolder: string, namespace: string): Layer {
    let mounts = this.#mountsOf.get(namespace);
    if (mounts === undefined) {
      mounts = this.#read(procFolder);
      this.#mountsOf.set(namespace, mounts);
    }
    let best: Mount | undefined;
    for (const mount of mounts) {
      const inside = path === mount.folder ||
        path.startsWith(mount.folder === "/" ? "/" : `${mount.folder}/`);
      // of mounts at the same place the later one covers the earlier
      if (inside && (best === undefined || mount.folder.length >= best.folder.length)) best = mount;
    }
    if (best === undefined || best.type !== "overlay") return undefined;
    if (best.upperFolder === undefined) return "lower";
    const rest = best.folder === "/" ? path : path.slice(best.folder.length);
    return statFile(`${this.#hostRoot}${best.upperFolder}${rest}`) === undefined ? "lower" : "upper";
  }

  #read(procFolder: string): Mount[] {
    if (this.#readBytes > MAX_ALL_BYTES) return [];
    const bytes = readBytes(`${procFolder}/mountinfo`, this.#maxBytes);
    this.#readBytes += bytes?.length ?? 0;
    return bytes === undefined ? [] : parseMountinfo(decoder.decode(bytes));
  }
}
