// One container as its engine described it. Strings are interned (strings/intern.ts): an address, 0 = empty text.
// The table of containers is in state/container_table.ts; records are read in state/parsers/container_record.ts.

export { ContainerType } from "../generated/wire";

/** Bits of Container.flags. */
// deno-fmt-ignore
export namespace ContainerFlag {
  export const PRIVILEGED: u32 = 1; export const HOST_PID: u32 = 2; export const HOST_NETWORK: u32 = 4;
  export const HOST_IPC: u32 = 8;
}

@unmanaged
export class Container {
  /** next in the hash chain of the table; 0 ends it */
  next: u32;
  /** the key that threads refer to: what container.id prints, and the owner when it is a user (containers.ts) */
  id: u32;
  type: u32;
  flags: u32;
  fullId: u32;
  name: u32;
  image: u32;
  imageId: u32;
  imageRepository: u32;
  imageTag: u32;
  imageDigest: u32;
  ip: u32;
  /** what the network plugin returned, as JSON */
  cni: u32;
  /** whole id of the pod's sandbox */
  sandboxId: u32;
  /** keys in ascending order, each followed by its value; NUL ends each of both */
  labels: u32;
  /** the same of the pod */
  sandboxLabels: u32;
  /** when its runtime reported its removal; 0 = it is there */
  removedNs: u64;
  /** source, destination, mode, true or false, propagation of each mount; NUL ends each of them */
  mounts: u32;
  /** the record named no owner, as those of recordings: it holds for containers with this id of any owner */
  isAnyOwners: u32;
  /** the party that it belongs to, by three levels of folders (share.ts) */
  share: u32;
  share2: u32;
  share3: u32;

  // @ts-ignore: decorator
  @inline
  has(key: u32, _hash: u32): bool {
    return this.id == key;
  }
}

// @ts-ignore: decorator
@inline export const MOUNT_PARTS: u32 = 5;
