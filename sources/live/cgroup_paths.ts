// The control groups of a process in the form of a process list: `subsys=path`, each ended by NUL.
// In: /proc/PID/cgroup. Out: bytes. Cgroup v1 has one line per hierarchy; v2 has one path, which is given for all
// controllers of the root, as the probe gives it in events: a container without limits has none of its own.
// Elsewhere: the container id that the matcher finds in these paths.

import { readBytes } from "../../ffi/mod.ts";

const MAX_BYTES = 8192;
/** The outermost folders tell the container: of a longer path they are kept, and `...` stands for the rest. */
const MAX_PATH_CHARACTERS = 480;
const MAX_FILE_BYTES = 64 << 10;
/** Anybody who may make cgroups could make this many. */
const MAX_KNOWN = 4096;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class CgroupPaths {
  /** of the unified hierarchy; none when it is not mounted, or has none */
  readonly #unified: readonly string[];
  readonly #known = new Map<string, Uint8Array>();

  constructor(hostRoot: string) {
    this.#unified = findUnifiedControllers(hostRoot);
  }

  /** @param content of /proc/PID/cgroup */
  format(content: Uint8Array): Uint8Array {
    const text = decoder.decode(content);
    // most processes share their groups with others
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    let joined = "";
    for (const entry of this.#entries(text)) {
      if (joined.length + entry.length + 1 > MAX_BYTES) break;
      joined += entry + "\0";
    }
    const bytes = encoder.encode(joined);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(text, bytes);
    return bytes;
  }

  *#entries(text: string): Generator<string> {
    for (const line of text.split("\n")) {
      const match = /^(\d+):([^:]*):(.*)$/.exec(line);
      if (match === null) continue;
      const [, hierarchy, subsystems = "", path = ""] = match;
      const plain = headOf(withoutParents(path));
      const names = subsystems !== "" ? subsystems.split(",") : hierarchy === "0" ? this.#unified : [];
      for (const name of names) yield `${name}=${plain}`;
    }
  }
}

function readControllers(folder: string): readonly string[] {
  const bytes = readBytes(`${folder}/cgroup.controllers`, MAX_FILE_BYTES);
  return bytes === undefined ? [] : decoder.decode(bytes).split(/\s+/).filter((name) => name !== "");
}

/** Seen through process 1, because falco itself may live in another mount namespace than the host. */
function findUnifiedControllers(hostRoot: string): readonly string[] {
  const bytes = readBytes(`${hostRoot}/proc/1/mounts`, 4 << 20);
  if (bytes === undefined) return [];
  for (const line of decoder.decode(bytes).split("\n")) {
    const [, folder, type] = line.split(" ");
    if (type !== "cgroup2" || folder === undefined) continue;
    const controllers = readControllers(`${hostRoot}/proc/1/root${folder}`);
    if (controllers.length > 0) return controllers;
  }
  return [];
}

/** In a cgroup namespace of its own a reader sees its neighbours as `/../neighbour`. */
function withoutParents(path: string): string {
  let rest = path;
  while (rest === "/.." || rest.startsWith("/../")) rest = rest.slice(3);
  return rest === "" ? "/" : rest;
}

function headOf(path: string): string {
  if (path.length <= MAX_PATH_CHARACTERS) return path;
  const end = path.lastIndexOf("/", MAX_PATH_CHARACTERS);
  return end <= 0 ? path.slice(0, MAX_PATH_CHARACTERS) : `${path.slice(0, end)}/...`;
}
