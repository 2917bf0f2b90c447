// A container as it turned up in the stream of events: what an engine has to be asked about, and whose users are read.
// In: the bytes that the matcher hands over (assembly/state/container_watch.ts). Out: a plain object.

export interface SeenContainer {
  /** what container.id prints: 12 characters mostly */
  readonly id: string;
  /** what the matcher calls it: the id, and `/uid` when it is in the slice of a user; its users' records carry this */
  readonly key: string;
  /**
   * User of the host in whose slice the container's cgroup is; 0: root's, or the system's. Facts hold only for
   * containers whose record has the same `owner_uid`.
   */
  readonly ownerUid: number;
  /** path of the folder above the container's cgroup: what all that one party can make has in common */
  readonly parent: string;
  /** number of the engine as far as the cgroup tells (assembly/state/container.ts); 0xffff: any */
  readonly type: number;
  /** a process of it, by the host's number; it may have ended already */
  readonly pid: number;
  /** its facts are there already */
  readonly isKnown: boolean;
}

const HEADER_BYTES = 32;
const decoder = new TextDecoder();

/** @param bytes a copy in ordinary memory: TextDecoder does not read shared memory */
export function readSeenContainer(bytes: Uint8Array<ArrayBuffer>): SeenContainer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keyEnd = HEADER_BYTES + view.getUint32(20, true);
  return {
    id: decoder.decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + view.getUint32(24, true))),
    key: decoder.decode(bytes.subarray(HEADER_BYTES, keyEnd)),
    type: view.getUint32(0, true),
    pid: Number(view.getBigInt64(8, true)),
    ownerUid: view.getUint32(16, true),
    parent: decoder.decode(bytes.subarray(keyEnd)),
    isKnown: view.getUint32(4, true) !== 0,
  };
}
