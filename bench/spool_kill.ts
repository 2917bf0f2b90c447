// Kills a program that spools alerts 50 times at random moments and says what became of the alerts that it accepted.
// In: how often, as an argument. Out: one line; exit code 1 when an alert was lost or came out of order.

import { killAndRestart } from "../tests/outputs/spool_kills.ts";

const times = Number(Deno.args[0] ?? 50);
const { accepted, lost, outOfOrder, duplicates } = await killAndRestart(times);
console.log(
  `${times} × kill -9: ${accepted} alerts accepted, ${lost.length} lost, ${outOfOrder} out of order, ` +
    `${duplicates} delivered twice`,
);
Deno.exit(accepted > 0 && lost.length === 0 && outOfOrder === 0 ? 0 : 1);
