// The matcher's counters: u64 words at fixed addresses (schema/layout.ts), which the main thread reads at any
// time. One writer, so plain loads and stores do. Names of the addresses: COUNT_* of generated/layout.ts.

// @ts-ignore: decorator
@inline
export function count(at: usize): void {
  store<u64>(at, load<u64>(at) + 1);
}

// @ts-ignore: decorator
@inline
export function countMany(at: usize, n: u64): void {
  store<u64>(at, load<u64>(at) + n);
}

// @ts-ignore: decorator
@inline
export function uncount(at: usize): void {
  store<u64>(at, load<u64>(at) - 1);
}

// @ts-ignore: decorator
@inline
export function uncountMany(at: usize, n: u64): void {
  store<u64>(at, load<u64>(at) - n);
}
