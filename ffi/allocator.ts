// Makes the C library's allocator give freed memory back. glibc keeps an arena for each thread, and after a large block
// was freed it takes larger ones from arenas, too: a hundred megabytes of what answers once needed would stay for ever.
// In: nothing. Out: nothing; another C library has no such calls.
// Elsewhere: when freed memory is given back (service/run/unused_memory.ts), pages of the program (program_pages.ts).

const M_MMAP_THRESHOLD = -3;
const M_ARENA_MAX = -8;
/** glibc's own at its start; set, it does not grow */
const MAPPED_FROM_BYTES = 128 << 10;
const ARENAS = 2;

/** From now on large blocks go back as soon as they are freed. */
export function giveFreedMemoryBack(): void {
  try {
    const { mallopt } = Deno.dlopen("libc.so.6", {
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
    }).symbols;
    mallopt(M_ARENA_MAX, ARENAS);
    mallopt(M_MMAP_THRESHOLD, MAPPED_FROM_BYTES);
  } catch {
    // musl gives back what is freed by itself
  }
}

let trim: ((keepBytes: bigint) => number) | undefined;

/** Small blocks that were freed stay where they were: whole pages between those that are in use go back now. */
export function trimFreedMemory(): void {
  try {
    trim ??= Deno.dlopen("libc.so.6", { malloc_trim: { parameters: ["usize"], result: "i32" } }).symbols
      .malloc_trim;
    trim(0n);
  } catch {
    // as above
  }
}
