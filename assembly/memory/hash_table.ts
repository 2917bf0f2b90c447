// The one hash table of the matcher: buckets that hold the heads of chains.
// In: entries that their owner allocates, and the hash that it computes for a key. Out: the entry of a key.
//
// An entry is an unmanaged class. Its first field is `next: u32`; `has(key, hash)` says whether it is the entry of a key.
// A table that grows also needs a field `hash: u32`. All of this is resolved when the module is compiled, so that a
// lookup costs no more than a loop written by hand. A table lives in static memory and is empty until `init`: nothing is
// found in it, and `insert` must not be called.
//
// Elsewhere: bounds, and what is counted when they are reached (each owner). Tables of open files have their own form
// (state/fd_table.ts): there is one for each process, most with fewer than ten entries.

import { allocateZeroed, free } from "./heap";

/** Bytes of a table in static memory: `changetype<HashTable<T>>(memory.data(TABLE_BYTES, 8))`. */
// @ts-ignore: decorator
@inline export const TABLE_BYTES: i32 = 24;

/** What every entry begins with. */
@unmanaged
class Entry {
  next: u32;
}

@unmanaged
export class HashTable<T> {
  /** address of the heads, a word each; 0 before `init` */
  buckets: u32;
  /** number of buckets, a power of two, less one */
  mask: u32;
  /** entries in the table */
  count: u32;
  /** table index of the function that takes an entry out when a new capture begins */
  drop: u32;
  /** the next of the tables that `emptyTables` empties */
  nextTable: u32;
  unused: u32;

  /**
   * Makes the buckets, and has the table emptied when a new capture begins.
   * @param size a power of two
   * @param drop takes an entry out of the table and frees what belongs to it
   * @returns false when there is no room; the next call tries again
   */
  init(size: u32, drop: (entry: T) => void): bool {
    if (this.buckets != 0) return true;
    if (!this.makeBuckets(size)) return false;
    this.drop = <u32>drop.index;
    register(changetype<usize>(this));
    return true;
  }

  /** The same for a table whose entries go by themselves, with the last reference to them. */
  makeBuckets(size: u32): bool {
    const at = allocateZeroed(<usize>size << 2);
    this.buckets = <u32>at;
    this.mask = at == 0 ? 0 : size - 1;
    this.count = 0;
    return at != 0;
  }

  // @ts-ignore: decorator
  @inline
  get isMissing(): bool {
    return this.buckets == 0;
  }

  // @ts-ignore: decorator
  @inline
  get bucketCount(): u32 {
    return this.buckets == 0 ? 0 : this.mask + 1;
  }

  // @ts-ignore: decorator
  @inline
  bucketOf(hash: u32): usize {
    return <usize>this.buckets + (<usize>(hash & this.mask) << 2);
  }

  /** The first entry of a bucket, for loops over all; 0 = none. */
  // @ts-ignore: decorator
  @inline
  head(bucket: u32): usize {
    return load<u32>(<usize>this.buckets + (<usize>bucket << 2));
  }

  /** The entry of a key, or null. */
  // @ts-ignore: decorator
  @inline
  find<K>(hash: u32, key: K): T {
    // without buckets this reads the guard page, which is zero (schema/layout.ts)
    let at: usize = load<u32>(this.bucketOf(hash));
    while (at != 0 && !changetype<T>(at).has(key, hash)) at = changetype<Entry>(at).next;
    return changetype<T>(at);
  }

  // @ts-ignore: decorator
  @inline
  insert(hash: u32, entry: T): void {
    const bucket = this.bucketOf(hash);
    changetype<Entry>(changetype<usize>(entry)).next = load<u32>(bucket);
    store<u32>(bucket, <u32>changetype<usize>(entry));
    this.count++;
  }

  /** Takes an entry out; false when it is not in the table. Freeing it is the owner's. */
  remove(hash: u32, entry: T): bool {
    const at = changetype<usize>(entry);
    // an entry begins with its link, as a bucket does
    let link = this.bucketOf(hash);
    while (load<u32>(link) != <u32>at) {
      link = load<u32>(link);
      if (link == 0) return false;
    }
    store<u32>(link, changetype<Entry>(at).next);
    this.count--;
    return true;
  }

  /** Doubles the buckets; without room for that the chains only get longer. */
  grow(): void {
    const wider = (this.mask << 1) | 1;
    const buckets = allocateZeroed((<usize>wider + 1) << 2);
    if (buckets == 0) return;
    for (let i: u32 = 0; i <= this.mask; i++) {
      let at = this.head(i);
      while (at != 0) {
        const next: usize = changetype<Entry>(at).next;
        const bucket = buckets + (<usize>(changetype<T>(at).hash & wider) << 2);
        changetype<Entry>(at).next = load<u32>(bucket);
        store<u32>(bucket, <u32>at);
        at = next;
      }
    }
    free(this.buckets);
    this.buckets = <u32>buckets;
    this.mask = wider;
  }
}

let firstTable: usize = 0;
let lastTable: usize = 0;

function register(table: usize): void {
  if (firstTable == 0) firstTable = table;
  else changetype<HashTable<Entry>>(lastTable).nextTable = <u32>table;
  lastTable = table;
}

/** Empties all tables: a new capture begins (memory/reset.ts). */
export function emptyTables(): void {
  for (let at = firstTable; at != 0; at = changetype<HashTable<Entry>>(at).nextTable) {
    const table = changetype<HashTable<Entry>>(at);
    // many have more buckets than entries
    for (let i: u32 = 0; table.count != 0; i++) {
      while (table.head(i) != 0) {
        const entry = table.head(i);
        call_indirect<void>(table.drop, entry);
        // a function that leaves the entry where it is would never end
        if (table.head(i) == entry) unreachable();
      }
    }
  }
}
