// One object of Kubernetes, of those that say something about a pod. Strings are interned (strings/intern.ts): an
// address, 0 = none. The table of them is in state/kube_table.ts; records are read in state/parsers/kube_record.ts.

/** Kinds that have fields; others are not kept. */
// deno-fmt-ignore
export namespace KubeKind {
  export const NONE: u32 = 0; export const POD: u32 = 1; export const NAMESPACE: u32 = 2;
  export const DEPLOYMENT: u32 = 3; export const SERVICE: u32 = 4; export const REPLICA_SET: u32 = 5;
  export const REPLICATION_CONTROLLER: u32 = 6;
}

@unmanaged
export class KubeObject {
  /** next in the hash chain of the table; 0 ends it */
  next: u32;
  /** uid in the Kubernetes API, by which the table knows it */
  uid: u32;
  kind: u32;
  name: u32;
  /** name of its namespace */
  namespace: u32;
  /** keys in ascending order, each followed by its value; NUL ends each of both */
  labels: u32;
  // of pods only
  ip: u32;
  /** uids of the objects that the pod belongs to */
  namespaceUid: u32;
  deploymentUid: u32;
  replicaSetUid: u32;
  controllerUid: u32;
  /** NUL after each */
  serviceUids: u32;

  // @ts-ignore: decorator
  @inline
  has(uid: u32, _hash: u32): bool {
    return this.uid == uid;
  }
}
