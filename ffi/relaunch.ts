// Starts this program once more in the same process, with signals blocked in every thread: a thread's mask can only be
// set by itself, and the runtime has threads already; the thread that calls execve is the only one that is left.
// In: the environment for it. Out: nothing, it does not return.
// Elsewhere: the one-file executable, whose launcher does so before there is a runtime (launcher/launcher.c).

import { EnvironmentError } from "../base/mod.ts";
import { cString, errno, errorText, libc } from "./libc.ts";
import { blockSignals } from "./signal_mask.ts";

/** They would open what a blocked signal keeps shut. */
const DEBUGGER_FLAG = /^--inspect(-brk|-wait|-publish-uid)?[=\0]/;

/** @param path the runtime's own file; its last component becomes the name of the process */
export function relaunch(
  path: string,
  environment: Readonly<Record<string, string>>,
): never {
  const variables = Object.entries(environment).map(([name, value]) => cString(`${name}=${value}`));
  blockSignals();
  libc().execve(cString(path), pointers(ownArguments()), pointers(variables));
  throw new EnvironmentError({
    problem: "Cannot start falco with SIGUSR1 blocked, and without that the signal would open a debugger",
    tried: [`execve of ${path}`],
    found: [errorText(errno())],
    remedy: ["Start it from a file that is still there and may be executed"],
  });
}

/** As they were given, without flags of the runtime that would open a debugger all the same. */
function ownArguments(): Uint8Array<ArrayBuffer>[] {
  const bytes = Deno.readFileSync("/proc/self/cmdline");
  const words: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at) + 1;
    words.push(bytes.slice(at, end));
    at = end;
  }
  const ours = words.length - Deno.args.length;
  return words.filter((word, i) => i >= ours || !DEBUGGER_FLAG.test(new TextDecoder().decode(word)));
}

/** They have to outlive the call. */
const kept: Uint8Array[] = [];

function pointers(texts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  kept.push(...texts);
  const addresses = texts.map((text) => BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(text))));
  return new Uint8Array(new BigUint64Array([...addresses, 0n]).buffer);
}
