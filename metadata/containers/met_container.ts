// A container that an event has named, as the kernel describes it.
// In: what the matcher and /proc say. Out: how it is told from others, to whom it belongs, with whom it shares.
// Elsewhere: whose facts count for it (fact_ledger.ts), how questions are shared (question_budget.ts, turn_queue.ts).
//
// A container is a user's when its cgroup lies in that user's slice, or when its user namespace was made by that user.
// Any other name below is anybody's invention and proves nothing: a user can call a cgroup of his as root's engine calls
// one of its containers. So containers of different slices are different ones, however they are called.

export interface MetContainer {
  /** what container.id prints */
  readonly id: string;
  /** what its cgroup looks like; see CONTAINER_TYPE */
  readonly type: number;
  /** user in whose slice its cgroup is; 0: root's, or the system's */
  readonly sliceUid: number;
  /** who made its user namespace; 0: root, or it has none; nothing: no process of it could be looked at */
  readonly namespaceUid: number | undefined;
  /** path of the folder above its cgroup */
  readonly parent: string;
}

const OUTERMOST = 2;
const MAX_SHARE_CHARACTERS = 200;

export function containerKey(id: string, sliceUid: number): string {
  return sliceUid === 0 ? id : `${id}/${sliceUid}`;
}

/** The same for all containers that one party can make. */
export function shareOf({ sliceUid, namespaceUid, parent }: MetContainer): string {
  const uid = sliceUid || namespaceUid || 0;
  if (uid !== 0) return `user ${uid}`;
  const names = parent.split("/").filter((name) => name !== "" && name !== "..");
  return `/${names.slice(0, OUTERMOST).join("/")}`.slice(0, MAX_SHARE_CHARACTERS);
}

/** What was known and what another process of it shows; root's is never taken for a user's, nor one user's for another's. */
export function mergeMet(before: MetContainer | undefined, now: MetContainer): MetContainer {
  if (before?.namespaceUid === undefined || now.namespaceUid === 0) {
    return { ...now, namespaceUid: now.namespaceUid ?? before?.namespaceUid };
  }
  return { ...now, namespaceUid: before.namespaceUid };
}
