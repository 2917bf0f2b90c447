// The quick attacks against the program from the source tree; all of them, against the executable too: `deno task attacks`.

import { liveRefusal } from "../live/falco_process.ts";
import { loadAttacks } from "./cases.ts";
import { Target } from "./target.ts";

const target = Target.source();

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
