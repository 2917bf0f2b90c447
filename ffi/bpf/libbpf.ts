// libbpf: found on the host, opened on first use and once per thread, with its errors made Errors.
// libbpf reports failure in two ways: a negative errno as the result, or NULL with errno set (the 0.x series also by a
// pointer whose value is a negative errno). `checkCode` and `checkPointer` turn each into a CallError.
// Elsewhere: the symbol table (libbpf_symbols.ts), libbpf's own messages (libbpf_log.ts), objects (bpf_object.ts).

import { EnvironmentError, ERRNO, messageOf } from "../../base/mod.ts";
import { callError, errno } from "../libc.ts";
import { LIBBPF_SYMBOLS } from "./libbpf_symbols.ts";
import { distrust } from "../trusted_path.ts";

export type Libbpf = Deno.DynamicLibrary<typeof LIBBPF_SYMBOLS>["symbols"];

/** Names a library to use instead of the host's; one that others cannot write. */
export const LIBBPF_VARIABLE = "FALCO_LIBBPF";

const SONAMES = ["libbpf.so.1", "libbpf.so.0"];
const FOLDERS = [
  `/usr/lib/${Deno.build.arch}-linux-gnu`,
  "/usr/lib64",
  "/usr/lib",
  `/lib/${Deno.build.arch}-linux-gnu`,
  "/lib64",
  "/usr/local/lib64",
  "/usr/local/lib",
];
const PACKAGES = [
  "Debian, Ubuntu: apt-get install libbpf1 (before Debian 12 and Ubuntu 22.10: libbpf0)",
  "Fedora, RHEL, Rocky, Amazon Linux: dnf install libbpf",
  "Alpine: apk add libbpf",
  "Arch: pacman -S libbpf",
  `Or set ${LIBBPF_VARIABLE} to the path of a libbpf.so, version 0.8 or newer`,
];

let opened: Libbpf | undefined;

export function libbpf(): Libbpf {
  return opened ??= openFound(Deno.env.get(LIBBPF_VARIABLE));
}

function openFound(given: string | undefined): Libbpf {
  if (given?.includes("/")) checkTrusted(given);
  return openLibbpf(libbpfCandidates(given));
}

/** Variables survive ways to more rights (sudo with env_keep): their user may not be allowed to load code here. */
function checkTrusted(path: string): void {
  let reason: string | undefined;
  try {
    reason = distrust(path);
  } catch (error) {
    reason = messageOf(error);
  }
  if (reason === undefined) return;
  throw new EnvironmentError({
    problem: `Cannot load the libbpf that ${LIBBPF_VARIABLE} names: others could put code there`,
    tried: [path],
    found: [reason],
    remedy: [
      "Name a file that belongs to root, in folders that only root can write",
      `Or unset ${LIBBPF_VARIABLE}: the executable carries a libbpf`,
    ],
  });
}

/** For example "v1.5". */
export function libbpfVersion(): string {
  const at = libbpf().libbpf_version_string();
  return at === null ? "of unknown version" : Deno.UnsafePointerView.getCString(at);
}

/** Where libbpf is looked for, in order. A path given by the user is not second-guessed. */
export function libbpfCandidates(given: string | undefined): readonly string[] {
  if (given !== undefined && given !== "") return [given];
  return [...SONAMES, ...FOLDERS.flatMap((folder) => SONAMES.map((name) => `${folder}/${name}`))];
}

export function openLibbpf(candidates: readonly string[]): Libbpf {
  const found: string[] = [];
  for (const path of candidates) {
    try {
      return Deno.dlopen(path, LIBBPF_SYMBOLS).symbols;
    } catch (error) {
      // the usual folders only repeat the loader's answer; another one (a missing symbol) is worth telling
      const message = messageOf(error);
      if (!message.includes("No such file")) found.push(message);
    }
  }
  throw new EnvironmentError({
    problem: "Cannot load libbpf, the library that puts the probe into the kernel",
    tried: [candidates.join(", ")],
    found: found.length > 0 ? found : ["no such file at any of these places"],
    remedy: PACKAGES,
  });
}

/** Passes on a result that is not negative; a negative one becomes an error. */
export function checkCode(call: string, result: number): number {
  if (result < 0) throw callError(call, -result);
  return result;
}

/** The 0.x functions of bpf(2) give -1 and set errno. */
export function checkSyscall(call: string, result: number): number {
  if (result < 0) throw callError(call, result === -1 ? errno() : -result);
  return result;
}

const MAX_ERRNO = 4095n;

export function checkPointer(call: string, at: Deno.PointerValue): Deno.PointerObject {
  if (at === null) throw callError(call, errno() || ERRNO.EINVAL);
  const value = BigInt.asIntN(64, Deno.UnsafePointer.value(at));
  if (value < 0n && value >= -MAX_ERRNO) throw callError(call, Number(-value));
  return at;
}
