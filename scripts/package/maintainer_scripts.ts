// The parts that scripts of both formats share, as the templates of packaging/ name them.
// In: the source tree. Out: what stands for @STATE@, @ETC_FILES@ and @SERVICE@.

import { join } from "node:path";

const PARTS = { STATE: "state.sh", ETC_FILES: "etc_files.sh", SERVICE: "service.sh" } as const;

export function scriptParts(root: string): Record<keyof typeof PARTS, string> {
  const read = (name: string) => Deno.readTextFileSync(join(root, "packaging", "scripts", name));
  return {
    STATE: read(PARTS.STATE),
    ETC_FILES: read(PARTS.ETC_FILES),
    SERVICE: read(PARTS.SERVICE),
  };
}
