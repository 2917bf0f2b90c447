// How programs read the kernel's memory by plain loads, where the kernel has the function that allows it (bpf_rdonly_cast(), since
// Linux 6.2; a load costs a tenth of a helper's call). In: an object file of which programs call it by a number that no helper has.
// Out: the file with the kernel's number in place of that one, or nothing where the kernel has none.
// libbpf finds functions, too, but for one that is missing it looks through the kernel's modules, which takes CAP_SYS_ADMIN.

import { cString } from "../libc.ts";
import { KERNEL_TYPES } from "./bpf_object.ts";
import { libbpf } from "./libbpf.ts";

const FUNCTION = "bpf_rdonly_cast";
const KIND_FUNCTION = 12;
/** The first half of the instruction `call`, of a helper and of a function of the kernel's; the other half is the number. */
const CALLS_HELPER = 0x0085;
const CALLS_KERNEL = 0x2085;

/** @param placeholder the number by which programs call it */
export function withPlainReads(
  elf: Uint8Array<ArrayBuffer>,
  placeholder: number,
): Uint8Array<ArrayBuffer> | undefined {
  const number = numberOf(FUNCTION);
  if (number === undefined) return undefined;
  const patched = elf.slice();
  const words = new Uint32Array(patched.buffer, 0, patched.byteLength >> 2);
  for (let at = words.indexOf(placeholder); at > 0; at = words.indexOf(placeholder, at + 1)) {
    if (words[at - 1] !== CALLS_HELPER) continue;
    words[at - 1] = CALLS_KERNEL;
    words[at] = number;
  }
  return patched;
}

function numberOf(name: string): number | undefined {
  const types = libbpf().btf__parse(KERNEL_TYPES, null);
  if (types === null) return undefined;
  const number = libbpf().btf__find_by_name_kind(types, cString(name), KIND_FUNCTION);
  libbpf().btf__free(types);
  return number > 0 ? number : undefined;
}
