// A Rulesfile, Config or Plugin that is deleted stays until the last node has taken its files away.
// In: the object, the ArtifactNodes that there are. Out: its finalizers.
// Elsewhere: taking files away (node/), ArtifactNodes of nodes that cannot (falco_pods.ts).

import { type Kind } from "../api/kinds.ts";
import { metaOf, type Objects } from "../api/objects.ts";

export const NODES_IN_USE = "artifact.falcosecurity.dev/node-objects-in-use";
/** Of older releases of Falco's operator, one for each node: nobody takes them away any more. */
const OF_OLD = /^(?:rulesfile|plugin|config)\.artifact\.falcosecurity\.dev\/finalizer-/;

export async function keepFinalizers(
  objects: Objects,
  kind: Kind,
  artifact: unknown,
  isInUse: boolean,
): Promise<void> {
  const { name, namespace, finalizers, isGoing } = metaOf(artifact);
  // nothing can be added to what is being deleted
  const isWanted = isInUse && (!isGoing || finalizers.includes(NODES_IN_USE));
  if (isWanted === finalizers.includes(NODES_IN_USE) && !finalizers.some((one) => OF_OLD.test(one))) return;
  await objects.changeFinalizers(kind, namespace, name, (all) => [
    ...all.filter((one) => one !== NODES_IN_USE && !OF_OLD.test(one)),
    ...isWanted ? [NODES_IN_USE] : [],
  ]);
}
