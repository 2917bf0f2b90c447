// Any system call by its number, for those that make calls to have them observed.
// In: the number, up to six arguments: numbers, or memory whose address is passed. Out: the result, or −errno.
// Elsewhere: calls whose results matter; each has a declaration of its own (libc_symbols.ts).

import { errno, libc } from "./libc.ts";

const ARGUMENTS = 6;

export function anySyscall(number: number, args: readonly (bigint | Uint8Array<ArrayBuffer>)[]): number {
  const words = Array.from({ length: ARGUMENTS }, (_, i) => {
    const arg = args[i] ?? 0n;
    return typeof arg === "bigint" ? arg : Deno.UnsafePointer.value(Deno.UnsafePointer.of(arg));
  }) as [bigint, bigint, bigint, bigint, bigint, bigint];
  const result = Number(libc().syscall_any(BigInt(number), ...words));
  return result === -1 ? -errno() : result;
}
