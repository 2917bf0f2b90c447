// The control groups of a process in the form of a process list: `subsys=path`, each ended by NUL.
// In: /proc/PID/cgroup. Out: bytes. Cgroup v1 has one line per hierarchy; v2 has one path for all controllers, each of
// which counts at the nearest ancestor group where it is switched on, as the kernel reports it in events.
// Elsewhere: the container id that the matcher finds in these paths.

import { readBytes } from "../../ffi/files.ts";

const MAX_BYTES = 4096;
const MAX_FILE_BYTES = 64 << 10;
const MAX_DEPTH = 128;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class CgroupPaths {
  /** where the unified hierarchy is mounted; undefined when it is not, or has no controllers */
  readonly #unified: string | undefined;
  readonly #controllers = new Map<string, readonly string[]>();
  readonly #known = new Map<string, Uint8Array>();

  constructor(hostRoot: string) {
    this.#unified = findUnifiedMount(hostRoot);
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
    this.#known.set(text, bytes);
    return bytes;
  }

  *#entries(text: string): Generator<string> {
    for (const line of text.split("\n")) {
      const match = /^(\d+):([^:]*):(.*)$/.exec(line);
      if (match === null) continue;
      const [, hierarchy, subsystems = "", path = ""] = match;
      const plain = withoutParents(path);
      if (subsystems !== "") {
        for (const name of subsystems.split(",")) yield `${name}=${plain}`;
      } else if (hierarchy === "0" && this.#unified !== undefined) {
        yield* this.#resolve(this.#unified, plain);
      }
    }
  }

  /** Which group each controller of the unified hierarchy counts for a process in `path`. */
  *#resolve(mount: string, path: string): Generator<string> {
    const found = new Set<string>();
    let group = path;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      for (const name of this.#controllersOf(mount + group)) {
        if (found.has(name)) continue;
        found.add(name);
        yield `${name}=${group}`;
      }
      if (group === "/" || group === "") return;
      const slash = group.lastIndexOf("/");
      group = slash <= 0 ? "/" : group.slice(0, slash);
    }
  }

  #controllersOf(folder: string): readonly string[] {
    let names = this.#controllers.get(folder);
    if (names === undefined) {
      names = readControllers(folder);
      this.#controllers.set(folder, names);
    }
    return names;
  }
}

function readControllers(folder: string): readonly string[] {
  const bytes = readBytes(`${folder}/cgroup.controllers`, MAX_FILE_BYTES);
  return bytes === undefined ? [] : decoder.decode(bytes).split(/\s+/).filter((name) => name !== "");
}

/** Seen through process 1, because falco itself may live in another mount namespace than the host. */
function findUnifiedMount(hostRoot: string): string | undefined {
  const bytes = readBytes(`${hostRoot}/proc/1/mounts`, 4 << 20);
  if (bytes === undefined) return undefined;
  for (const line of decoder.decode(bytes).split("\n")) {
    const [, folder, type] = line.split(" ");
    if (type !== "cgroup2" || folder === undefined) continue;
    const mount = `${hostRoot}/proc/1/root${folder}`;
    if (readControllers(mount).length > 0) return mount;
  }
  return undefined;
}

/** In a cgroup namespace of its own a reader sees its neighbours as `/../neighbour`. */
function withoutParents(path: string): string {
  let rest = path;
  while (rest === "/.." || rest.startsWith("/../")) rest = rest.slice(3);
  return rest === "" ? "/" : rest;
}
