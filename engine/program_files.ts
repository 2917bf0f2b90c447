// What the engine needs of the program's own files: the worker's module, the matcher, the probe, libbpf.
// In: nothing. Out: bytes, paths and URLs that are good in the source tree and in the one-file executable.
// Elsewhere: where the files come from (assets/assets.ts).

import { assetBytes, assetFile, isOneFile, workerUrl } from "../assets/mod.ts";
import { LIBBPF_VARIABLE, loadBundledLibraries } from "../ffi/bpf/mod.ts";
import { createMemoryFile } from "../ffi/mod.ts";

const objects = new Map<BpfAsset, string>();

export type BpfAsset = "probe.bpf.o" | "preemption.bpf.o";

export function engineWorkerUrl(): URL | string {
  return workerUrl("engine_worker.js", () => new URL("./worker.ts", import.meta.url));
}

export function matcherWasm(): Uint8Array<ArrayBuffer> {
  return assetBytes("matcher.wasm");
}

/** libbpf reads it in another thread, at any time: a file in memory stays open as long as the process. */
export function objectPath(name: BpfAsset): string {
  let path = objects.get(name);
  if (path === undefined) {
    path = assetFile(name) ?? createMemoryFile(name, assetBytes(name));
    objects.set(name, path);
  }
  return path;
}

/** Makes the libbpf of the executable the one that is found; one that the user names comes first. */
export function provideLibbpf(): void {
  if (isOneFile && !Deno.env.get(LIBBPF_VARIABLE)) loadBundledLibraries(assetBytes);
}
