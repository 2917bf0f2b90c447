// Alone: it counts what the host does.

import assert from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { liveSkipReason } from "../ffi/ring_object.ts";
import { matcherMissing } from "./matcher_artefact.ts";

const probeMissing = (() => {
  try {
    Deno.statSync(new URL("../../build/probe.bpf.o", import.meta.url));
    return undefined;
  } catch {
    return "build/probe.bpf.o is not built: deno task build";
  }
})();
const skip = liveSkipReason() ?? matcherMissing ?? probeMissing;

/** One rule on programs of this name, with what identifies the process. */
function rulesFor(program: string) {
  const text = `
- rule: program seen
  desc: test
  condition: evt.type in (execve, execveat) and evt.rawres = 0 and proc.name = "${program}"
  output: "%proc.name %proc.pid %proc.ppid %proc.args %user.uid"
  priority: INFO
`;
  const { rules, diagnostics } = loadRules([{ path: "test.yaml", text }]);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  return compileRules(rules, { matching: "first" });
}

async function run(command: string, ...args: string[]): Promise<number> {
  const child = new Deno.Command(command, { args }).spawn();
  await child.status;
  return child.pid;
}

/** Descriptors of BPF objects and epoll sets that this process holds. */
function kernelObjects(): string[] {
  const links: string[] = [];
  for (const { name } of Deno.readDirSync("/proc/self/fd")) {
    try {
      const link = Deno.readLinkSync(`/proc/self/fd/${name}`);
      if (link.startsWith("anon_inode:bpf")) links.push(link);
    } catch {
      // the folder's own descriptor
    }
  }
  return links;
}

for (const copy of [false, true]) {
  Deno.test({
    name: `live, ${
      copy ? "copying" : "reading in place"
    }: every run of a program is one alert, nothing is lost or left${
      skip === undefined ? "" : ` (skipped: ${skip})`
    }`,
    ignore: skip !== undefined,
    async fn() {
      const folder = Deno.makeTempDirSync();
      const program = `seen${copy ? "c" : "m"}${Deno.pid}`.slice(0, 15);
      const path = `${folder}/${program}`;
      Deno.copyFileSync("/bin/true", path);
      const alerts: Alert[] = [];
      const before = kernelObjects();
      try {
        const engine = await Engine.start({
          rules: rulesFor(program),
          source: { kind: "live", copy, ringBytes: 8 << 20 },
          onAlerts: (batch) => void alerts.push(...batch),
        });
        const pids: number[] = [];
        for (let i = 0; i < 20; i++) pids.push(await run(path, `argument ${i}`));
        const during = await engine.counters();
        assert.ok(during["reported"]! > 0n);
        // stop() takes what was reported before it, so no waiting is needed
        const counters = await engine.stop();
        assert.equal(counters["EVENTS"], counters["reported"]);
        assert.equal(counters["EVENTS_DAMAGED"], 0n);
        for (const [name, value] of Object.entries(counters)) {
          if (name.startsWith("drops_") || name === "tail_call_failed") assert.equal(value, 0n, name);
        }
        const seen = alerts.map(({ values }) =>
          values.map((value) => "value" in value ? String(value.value) : "")
        );
        assert.deepEqual(
          seen,
          pids.map((pid, i) => [program, `${pid}`, `${Deno.pid}`, `argument ${i}`, `${Deno.uid()}`]),
        );
        assert.deepEqual(kernelObjects(), before);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

/** Everything that happens, its own programs included. */
const EVERYTHING = [{
  path: "test.yaml",
  text: "- {rule: any, desc: d, condition: evt.num > 0, output: x %evt.type, priority: INFO}\n",
}];

Deno.test({
  name: `live: who has all that was wanted leaves without an error, however much waits to be evaluated${
    skip === undefined ? "" : ` (skipped: ${skip})`
  }`,
  ignore: skip !== undefined,
  async fn() {
    let alerts = 0;
    const wanted = Promise.withResolvers<void>();
    const { rules } = loadRules(EVERYTHING);
    const engine = await Engine.start({
      rules: compileRules(rules, { matching: "first" }),
      source: { kind: "live", ringBytes: 8 << 20 },
      onAlerts: (batch) => {
        alerts += batch.length;
        wanted.resolve();
        // none of them is taken: the engine has to wait for its reader, with full rings behind it
        return new Promise<void>(() => {});
      },
    });
    await wanted.promise;
    await run("sh", "-c", "i=0; while [ $i -lt 50000 ]; do : < /dev/null; i=$((i + 1)); done");
    const before = alerts;
    await engine.abandon();
    assert.ok(engine.finalCounters!["EVENTS"]! < engine.finalCounters!["reported"]!, "nothing waited");
    assert.ok(alerts - before < 50_000, `${alerts - before} more`);
  },
});

Deno.test({
  name: `live: a source that cannot start is an error that names the remedy, and nothing is left${
    skip === undefined ? "" : ` (skipped: ${skip})`
  }`,
  ignore: skip !== undefined,
  async fn() {
    const before = kernelObjects();
    const rules = rulesFor("nothing");
    const source = { kind: "live", probePath: "/nonexistent/probe.bpf.o" } as const;
    await assert.rejects(Engine.start({ rules, source, onAlerts: () => {} }), (error: Error) => {
      assert.equal(error.name, "EnvironmentError");
      assert.match(error.message, /nonexistent\/probe\.bpf\.o[^]*remedy: /);
      return true;
    });
    const path = Deno.makeTempFileSync();
    try {
      Deno.writeTextFileSync(path, "this is no object file");
      const damaged = { kind: "live", probePath: path } as const;
      await assert.rejects(Engine.start({ rules, source: damaged, onAlerts: () => {} }), /damaged/);
    } finally {
      Deno.removeSync(path);
    }
    assert.deepEqual(kernelObjects(), before);
  },
});
