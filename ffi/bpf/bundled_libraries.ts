// libbpf and the libraries that it needs, out of the one-file executable.
// In: their bytes. Out: libraries of this process: opening them by name afterwards, in any thread, gives
// these and not the host's. Elsewhere: opening libbpf (libbpf.ts).

import { createMemoryFile } from "../memory_file.ts";

/** In this order: each needs those before it, which the loader finds by their names. */
export const BUNDLED_LIBRARIES = ["libz.so.1", "libelf.so.1", "libbpf.so.1"] as const;

const loaded: Deno.DynamicLibrary<Record<never, never>>[] = [];

export function loadBundledLibraries(bytesOf: (name: typeof BUNDLED_LIBRARIES[number]) => Uint8Array): void {
  if (loaded.length > 0) return;
  for (const name of BUNDLED_LIBRARIES) {
    // stays open: the loader takes a second library of the same path for the first one
    loaded.push(Deno.dlopen(createMemoryFile(name, bytesOf(name)), {}));
  }
}
