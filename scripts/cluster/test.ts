// `deno task cluster test`: makes the image, starts a cluster, runs its tests, ends it.
// In: the place, names of tests. Out: their exit code.
// Elsewhere: the tests (tests/cluster/).

import { VERSION } from "../../base/versions.ts";
import { must } from "../../tests/live/lab.ts";
import { PROJECT } from "../../tests/support/program.ts";
import { auditFiles, auditFlags } from "../../tests/cluster/audit_settings.ts";
import { ClusterLab } from "../../tests/cluster/cluster_lab.ts";
import { runCases } from "../../tests/cluster/main.ts";
import { exists } from "../compile/stamps.ts";
import { down } from "./down.ts";
import type { Place } from "./place.ts";
import { loadImage, up } from "./up.ts";

const ARCHIVE = `${PROJECT}dist/falco-image.tar`;

export async function testCluster(
  place: Place,
  names: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  // one that is here already is used and stays, so that the author of a test does not wait for it
  const isHere = exists(place.state);
  try {
    if (!isHere) {
      say("building the image");
      await must("deno", "run", "-A", `${PROJECT}scripts/compile.ts`, "--dist");
      await must("deno", "run", "-A", `${PROJECT}scripts/image.ts`, "--uncompressed");
      await up(place, { apiserverFlags: auditFlags(place), files: auditFiles(), say });
    }
    await loadImage(place, ARCHIVE);
    const image = { repository: "localhost/falco", tag: VERSION, archive: ARCHIVE };
    return await runCases(new ClusterLab(place, image), names);
  } finally {
    if (!isHere) await down(place);
  }
}
