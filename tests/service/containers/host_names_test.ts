// Names of hosts that rules compare with become addresses, and the rules hold for connections to them.

import assert from "node:assert/strict";
import { hexOf, HostNames } from "../../../service/containers/host_names.ts";
import { StateMatcher } from "../../assembly/event_stream.ts";

/** The JSON of a record, which ends with NUL; the binary header before it may hold any byte. */
function jsonOf(blocks: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(blocks);
  const json = /\{"name".*\}(?=\0)/.exec(text)?.[0];
  assert.ok(json !== undefined, text);
  return json;
}

/** After all that resolved promises lead to. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("addresses become digits", () => {
  assert.equal(hexOf("203.0.113.7"), "cb007107");
  assert.equal(hexOf("::1"), "1".padStart(32, "0"));
  assert.equal(hexOf("2001:db8::7:0:1"), "20010db8000000000000000700000001");
  assert.equal(hexOf("fe80::1%eth0"), `fe80${"1".padStart(28, "0")}`);
  for (const wrong of ["", "host", "1.2.3", ":::", "g::1"]) assert.equal(hexOf(wrong), "", wrong);
});

Deno.test("names are told once for each change; one that is not found keeps its addresses", async () => {
  const told: string[] = [];
  const engine = {
    inject: (blocks: Uint8Array) => void told.push(jsonOf(blocks)),
  };
  const run = { engine, rules: { hostNames: ["a.example", "b.example"] } };
  let answer = ["10.0.0.1", "::1"];
  const names = HostNames.start(
    run,
    (name) => name === "a.example" ? Promise.resolve(answer) : Promise.reject(),
  );
  await settled();
  const first = { name: "a.example", addresses: [`${"1".padStart(32, "0")}`, "0a000001"] };
  assert.deepEqual(told.map((json) => JSON.parse(json)), [first, { name: "b.example", addresses: [] }]);
  names.reloaded();
  await settled();
  assert.equal(told.length, 2);
  answer = ["10.0.0.2"];
  names.reloaded();
  await settled();
  assert.deepEqual(JSON.parse(told[2]!), { name: "a.example", addresses: ["0a000002"] });
  names.close();
});

Deno.test("the matcher has extractors for all four ends", () => {
  const { matcher } = new StateMatcher();
  for (const end of ["c", "s", "l", "r"]) {
    assert.equal(typeof matcher.exports[`fd_${end}ip_name`], "function");
  }
});
