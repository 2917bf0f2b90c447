// The runtime opens a debugger on loopback when SIGUSR1 comes: anyone who reaches it runs code in the process.
// A user without rights tries to, in a tight loop, while an operator has outputs reopened 200 times.

import assert from "node:assert/strict";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { DebuggerClient, threadsWithoutBlock } from "../debugger_client.ts";

const SIGNALS = 200;
const REOPENED = /SIGUSR1: reopening outputs/;

const attack: Attack = {
  aim: "take over",
  tries: `to attach to a debugger while SIGUSR1 comes ${SIGNALS} times`,
  isQuick: true,
  async run(target) {
    const client = await DebuggerClient.start();
    const falco = await target.start(["-o", "webserver.enabled=false"]);
    try {
      for (let sent = 1; sent <= SIGNALS; sent++) {
        Deno.kill(falco.pid, "SIGUSR1");
        await falco.logged((log) => log.filter((line) => REOPENED.test(line)).length >= sent);
      }
      assert.deepEqual(threadsWithoutBlock(falco.pid), []);
      assert.doesNotMatch((await run("ss", "-Hltnp")).text, new RegExp(`pid=${falco.pid},`));
      await run("cat", "/etc/shadow");
      await falco.alert("Read sensitive file untrusted");
    } finally {
      await falco.stop();
    }
    const { tries, accepted } = await client.end();
    assert.equal(accepted, 0);
    return `${SIGNALS} signals, all heard; ${tries} connects refused; blocked in every thread`;
  },
};

export default attack;
