// The push-down at work: what no rule matches does not reach the matcher, what one matches does, and shadow mode finds no event
// that would have been left out and that a rule matches. Rules can be changed to ones that need what was left out, and back.
// Alone: it counts what the host does.

import assert from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { liveSkipReason } from "../ffi/ring_object.ts";
import { matcherMissing } from "./matcher_artefact.ts";

const skip = liveSkipReason() ?? matcherMissing;
const suffix = skip === undefined ? "" : ` (skipped: ${skip})`;

const FILES = 2000;

function compiled(text: string) {
  const { rules, diagnostics } = loadRules([makeSource("rules.yaml", text)]);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  return compileRules(rules, { matching: "first" });
}

function rule(condition: string): string {
  return `- rule: r\n  desc: d\n  condition: ${condition}\n  output: "%fd.name"\n  priority: info\n`;
}

const bundled = () =>
  compiled(Deno.readTextFileSync(new URL("../../rules/bundled/falco_rules.yaml", import.meta.url)));

async function shell(script: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", script], stdout: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Files in plain folders, read one by one. */
function readingOf(folder: string): string {
  return `find ${folder} -type f | xargs cat > /dev/null; ls -R ${folder} > /dev/null; ` +
    `cp -r ${folder}/0 ${folder}/copy; grep -rq nothing ${folder} || true`;
}

/** Calls about fds of all kinds (tests/probe/filtered_calls.c). */
async function makeCalls(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  const program = `${folder}/filtered_calls`;
  const source = new URL("../probe/filtered_calls.c", import.meta.url).pathname;
  await shell(`cc -O1 -static -pthread -o ${program} ${source}; ${program} ${folder}`);
}

/** On connections, with fields that depend on what was seen of their sockets before. */
const ON_CONNECTIONS = [
  "evt.type in (connect, accept4, dup, dup2, bind, close) and fd.typechar in (4, 6)",
  "evt.type in (sendto, recvfrom, sendmsg, recvmsg) and fd.l4proto != tcp and fd.typechar in (4, 6)",
  "evt.type = socket and evt.arg.domain contains AF_PACKET",
].map((condition, at) =>
  `- rule: R${at}\n  desc: d\n  condition: proc.name = filtered_calls and ${condition}\n` +
  `  output: "%evt.type %evt.rawres %fd.num %fd.type %fd.name %fd.l4proto %fd.cip %fd.cport %fd.sip %fd.sport ` +
  `%fd.connected %fd.is_server %evt.args"\n  priority: info\n`
).join("");

async function withFiles(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
  try {
    for (let i = 0; i < FILES; i++) {
      if (i % 100 === 0) await Deno.mkdir(`${folder}/${i / 100}`);
      await Deno.writeTextFile(`${folder}/${Math.floor(i / 100)}/${i}`, "text");
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    `with the bundled rules files that nobody asks about do not reach the matcher, a sensitive one does${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFiles(async (folder) => {
      const alerts: Alert[] = [];
      const rules = bundled();
      const engine = await Engine.start({
        rules,
        source: { kind: "live", filterMode: "auto" },
        onAlerts: (batch) => void alerts.push(...batch),
      });
      await shell(readingOf(folder));
      const sensitive = `cp /etc/shadow ${folder}/shadow_copy`;
      await Deno.copyFile("/bin/cat", `${folder}/reader`);
      await shell(`${sensitive}; ${folder}/reader /etc/shadow > /dev/null`);
      const counters = await engine.stop();
      assert.ok(counters["left_out_openat"]! >= BigInt(FILES), `${counters["left_out_openat"]} opens`);
      assert.ok(counters["left_out_close"]! >= BigInt(FILES), `${counters["left_out_close"]} closes`);
      const names = alerts.map((alert) => rules.rules[alert.rule]!.name);
      assert.ok(names.includes("Read sensitive file untrusted"), names.join());
    });
  },
});

Deno.test({
  name: `in shadow mode everything is reported, and no event that would be left out matches a rule${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFiles(async (folder) => {
      const engine = await Engine.start({
        rules: bundled(),
        source: { kind: "live", filterMode: "shadow" },
        onAlerts: () => {},
      });
      await shell(`${readingOf(folder)}; cat /etc/shadow > /dev/null; touch ${folder}/.bashrc`);
      await makeCalls(`${folder}/calls`);
      const counters = await engine.stop();
      const marked = ["recvfrom", "sendto", "pipe2", "eventfd2", "connect"].filter((type) =>
        (counters[`left_out_${type}`] ?? 0n) > 0n
      );
      assert.equal(marked.length, 5, marked.join());
      assert.ok(counters["MARKED"]! >= BigInt(2 * FILES), `${counters["MARKED"]} marked`);
      assert.equal(counters["MARKED_MATCHED"], 0n);
    });
  },
});

Deno.test({
  name: `alerts about connections are the same in every field with the filter and without it${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFiles(async (folder) => {
      const off = await onConnections("off", folder);
      const auto = await onConnections("auto", folder);
      assert.ok(off.alerts.length >= 20, `${off.alerts.length} alerts`);
      assert.deepEqual(auto.alerts, off.alerts);
      for (const type of ["sendto", "recvmsg", "accept4", "socket"]) {
        assert.ok((auto.counters[`left_out_${type}`] ?? 0n) > 0n, type);
      }
    });
  },
});

async function onConnections(filterMode: "off" | "auto", folder: string) {
  const alerts: string[] = [];
  const engine = await Engine.start({
    rules: compiled(ON_CONNECTIONS),
    source: { kind: "live", filterMode },
    onAlerts: (batch) =>
      void alerts.push(...batch.map(({ rule, values }) => JSON.stringify([rule, values], printed))),
  });
  await makeCalls(`${folder}/${filterMode}`);
  const counters = await engine.stop();
  return { alerts: withoutPorts(alerts), counters };
}

/** Ports that the kernel has chosen are another time others: they get numbers in the order in which they turn up. */
function withoutPorts(alerts: readonly string[]): string[] {
  const seen: string[] = [];
  return alerts.map((alert) =>
    alert.replaceAll(/\b(3[2-9]|[45]\d|6[0-5])\d{3}\b/g, (port) => {
      if (!seen.includes(port)) seen.push(port);
      return `port${seen.indexOf(port)}`;
    })
  );
}

/** Numbers beyond those of JSON. */
function printed(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

Deno.test({
  name: `rules that ask about the fds of files get all of them, from the change of rules on${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFiles(async (folder) => {
      const alerts: Alert[] = [];
      const quiet = compiled(rule(`evt.type in (open, openat) and fd.name startswith ${folder}/none`));
      const asking = compiled(rule(`evt.type = close and fd.name startswith ${folder}/1/`));
      const engine = await Engine.start({
        rules: quiet,
        source: { kind: "live", filterMode: "auto" },
        onAlerts: (batch) => void alerts.push(...batch),
      });
      const read = `cat ${folder}/1/* > /dev/null`;
      await shell(read);
      await engine.swapRules(asking, 1);
      await shell(read);
      // what is still in the rings when rules change is evaluated by the new ones
      for (let i = 0; i < 200 && alerts.length < 100; i++) await new Promise((done) => setTimeout(done, 20));
      await engine.swapRules(quiet, 2);
      const before = (await engine.counters())["left_out_close"]!;
      await shell(read);
      const counters = await engine.stop();
      assert.equal(alerts.length, 100);
      assert.ok(counters["left_out_close"]! - before >= 100n);
    });
  },
});

const KEEPS_A_FILE = `
import os, sys
fd = os.open(sys.argv[1], os.O_WRONLY)
print("open", flush=True)
sys.stdin.readline()
os.write(fd, b"x")
`;

Deno.test({
  name: `after a change of rules, writes to a file are told whose open was left out before${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    await withFiles(async (folder) => {
      const path = `${folder}/1/100`;
      const asking = (place: string) =>
        compiled(rule(`evt.type = write and fd.name startswith ${folder}/${place}`));
      const alerts: Alert[] = [];
      const engine = await Engine.start({
        rules: asking("none"),
        source: { kind: "live", filterMode: "auto" },
        onAlerts: (batch) => void alerts.push(...batch),
      });
      const opensLeftOut = async () => (await engine.counters())["left_out_openat"] ?? 0n;
      const before = await opensLeftOut();
      const child = new Deno.Command("python3", {
        args: ["-c", KEEPS_A_FILE, path],
        stdin: "piped",
        stdout: "piped",
      }).spawn();
      const output = child.stdout.getReader();
      await output.read();
      const left = await opensLeftOut() - before;
      await engine.swapRules(asking("1/"), 1);
      const input = child.stdin.getWriter();
      await input.write(new TextEncoder().encode("\n"));
      await input.close();
      await output.cancel();
      assert.ok((await child.status).success);
      for (let i = 0; i < 200 && alerts.length < 1; i++) await new Promise((done) => setTimeout(done, 20));
      await engine.stop();
      assert.ok(left > 0n);
      assert.deepEqual(alerts.map(({ values }) => values.map((value) => "value" in value && value.value)), [[
        path,
      ]]);
    });
  },
});
