// Searching raw bytes. Addresses and lengths in, addresses out; comparing is in memory/bytes.ts.

/** Address of the first `byte` in the run, or the end of the run. */
export function findByte(at: usize, bytes: usize, byte: u8): usize {
  const end = at + bytes;
  while (at < end && load<u8>(at) != byte) at++;
  return at;
}

/** Length of a C string in a run of at most `bytes`. */
// @ts-ignore: decorator
@inline
export function lengthToNul(at: usize, bytes: usize): usize {
  return findByte(at, bytes, 0) - at;
}
