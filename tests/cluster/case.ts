// What a test on a cluster is. Types only.
// Elsewhere: the tests (cases/), who runs them (main.ts), what they have at hand (cluster_lab.ts).

import type { ClusterLab } from "./cluster_lab.ts";

export interface ClusterCase {
  readonly name: string;
  /** what has to hold */
  readonly aim: string;
  /** why it cannot run here; default: it can */
  readonly refusal?: () => string | undefined;
  /** @returns figures for the table */
  readonly run: (lab: ClusterLab) => Promise<string>;
}
