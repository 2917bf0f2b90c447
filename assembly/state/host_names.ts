// Names of hosts that rules ask for, with the addresses that a resolver gave for them.
// In: records named `hostname` (state/parsers/host_name_record.ts). Out: the name of an address.
// There are only as many as rules name, so a list will do.

import { equalBytes } from "../memory/bytes";
import { allocateZeroed, free } from "../memory/heap";
import { onReset } from "../memory/reset";
import { release, viewOf } from "../strings/intern";
import { viewAt, viewBytes } from "../strings/view";

const MAX_NAMES: u32 = 256;

@unmanaged
class HostName {
  /** 0 ends the list */
  next: u32;
  name: u32;
  /** a byte that holds the length of an address before each address */
  addresses: u32;
}

let first: usize = 0;
let names: u32 = 0;

export function hasHostNames(): bool {
  return names != 0;
}

/** Takes over both strings. What was known under the name is replaced. @returns false when there is no room */
export function putHostName(name: u32, addresses: u32): bool {
  for (let at = first; at != 0; at = changetype<HostName>(at).next) {
    const known = changetype<HostName>(at);
    if (known.name != name) continue;
    release(name);
    release(known.addresses);
    known.addresses = addresses;
    return true;
  }
  const at = names == MAX_NAMES ? 0 : allocateZeroed(offsetof<HostName>());
  if (at == 0) {
    release(name);
    release(addresses);
    return false;
  }
  const added = changetype<HostName>(at);
  added.next = <u32>first;
  added.name = name;
  added.addresses = addresses;
  first = at;
  names++;
  return true;
}

/** 0 when no name is known to have this address. */
export function nameOfAddress(address: u64): u64 {
  const wanted = viewAt(address), bytes = viewBytes(address);
  for (let at = first; at != 0; at = changetype<HostName>(at).next) {
    const host = changetype<HostName>(at);
    if (host.addresses == 0) continue;
    const list = viewOf(host.addresses);
    const end = viewAt(list) + viewBytes(list);
    for (let i = viewAt(list); i < end; i += 1 + <usize>load<u8>(i)) {
      if (<usize>load<u8>(i) == bytes && equalBytes(i + 1, wanted, bytes)) return viewOf(host.name);
    }
  }
  return 0;
}

onReset(forgetHostNames);

function forgetHostNames(): void {
  while (first != 0) {
    const host = changetype<HostName>(first);
    first = host.next;
    release(host.name);
    release(host.addresses);
    free(changetype<usize>(host));
  }
  names = 0;
}
