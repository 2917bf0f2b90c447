// Who says something about containers: one engine at one place. Types only.
// Elsewhere: whose word counts (fact_ledger.ts).

export interface FactSource {
  /** its kind: docker, podman, podman_storage, cri, containerd */
  readonly engine: string;
  /** user of the host as whom it speaks; 0 may speak about every container */
  readonly owner: number;
}
