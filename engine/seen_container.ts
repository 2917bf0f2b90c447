// A container as it turned up in the stream of events: what an engine has to be asked about, and whose users are read.
// In: the bytes that the matcher hands over (assembly/state/container_watch.ts). Out: a plain object.

export interface SeenContainer {
  /** what container.id prints: 12 characters mostly */
  readonly id: string;
  /** number of the engine as far as the cgroup tells (assembly/state/container.ts); 0xffff: any */
  readonly type: number;
  /** a process of it, by the host's number; it may have ended already */
  readonly pid: number;
  /** its facts are there already */
  readonly isKnown: boolean;
}

const HEADER_BYTES = 16;
const decoder = new TextDecoder();

/** @param bytes a copy in ordinary memory: TextDecoder does not read shared memory */
export function readSeenContainer(bytes: Uint8Array<ArrayBuffer>): SeenContainer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    id: decoder.decode(bytes.subarray(HEADER_BYTES)),
    type: view.getUint32(0, true),
    pid: Number(view.getBigInt64(8, true)),
    isKnown: view.getUint32(4, true) !== 0,
  };
}
