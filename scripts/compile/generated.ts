// Build step: the sources that are generated from the schema.
// In: schema/generate.ts. Out: files below assembly/generated/ and probe/generated/, written only when they differ.
// Elsewhere: what is in them (schema/).

import { writeGenerated } from "../../schema/write.ts";

/** Lines that say what was written; with `checkOnly` nothing is written and the lines say what has drifted. */
export async function buildGenerated(root: string, checkOnly: boolean): Promise<string[]> {
  const changed = await writeGenerated(root, checkOnly);
  return changed.map((path) => checkOnly ? `differs from the schema: ${path}` : `generated ${path}`);
}
