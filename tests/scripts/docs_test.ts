import { deepEqual } from "node:assert/strict";
import { stalePages } from "../../scripts/docs.ts";

Deno.test("the reference pages say what the tables say: else run scripts/docs.ts", () => {
  deepEqual(stalePages(), []);
});
