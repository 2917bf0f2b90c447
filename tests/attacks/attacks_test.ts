// The quick attacks against the program as tests call it; all of them, from the source tree and the executable: `deno task attacks`.

import { liveRefusal } from "../live/falco_process.ts";
import { loadAttacks } from "./cases.ts";
import { Target } from "./target.ts";

const target = Target.tested();

for (const attack of (await loadAttacks()).filter(({ isQuick }) => isQuick)) {
  const refusal = await liveRefusal() ?? await attack.refusal?.() ?? null;
  Deno.test({
    name: refusal === null
      ? `withstands ${attack.tries}`
      : `withstands ${attack.tries} (skipped: ${refusal})`,
    ignore: refusal !== null,
    fn: async () => {
      await attack.run(target);
    },
  });
}
