// Names of the hosts at the ends of a connection, as far as rules ask for them (state/host_names.ts).
// An address of another name is the empty text: it differs from every name. Without any names there is no value.

import { EMPTY } from "../strings/literal";
import { hasHostNames, nameOfAddress } from "../state/host_names";
import { viewBytes } from "../strings/view";
import { fd_cip, fd_lip, fd_rip, fd_sip } from "./fd_net";

function nameOf(address: u64): u64 {
  if (viewBytes(address) == 0 || !hasHostNames()) return 0;
  const name = nameOfAddress(address);
  return name == 0 ? EMPTY : name;
}

export function fd_cip_name(): u64 {
  return nameOf(fd_cip());
}

export function fd_sip_name(): u64 {
  return nameOf(fd_sip());
}

export function fd_lip_name(): u64 {
  return nameOf(fd_lip());
}

export function fd_rip_name(): u64 {
  return nameOf(fd_rip());
}
