// The real program on this host, whose rules and settings change while it watches: nothing is lost, nothing is told twice.

import { deepEqual, equal, ok } from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();

function live(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name: refusal === null ? name : `${name}: skipped, ${refusal}`,
    ignore: refusal !== null,
    async fn() {
      const folder = Deno.makeTempDirSync();
      try {
        await fn(folder);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  });
}

const rule = (name: string, program: string) => `
- rule: ${name}
  desc: test
  condition: evt.type in (execve, execveat) and evt.rawres = 0 and proc.name = ${program}
  output: "%proc.args"
  priority: INFO
`;

/** A new version of the files, as the kubelet puts it in place. */
function publish(folder: string, version: string, files: Readonly<Record<string, string>>): void {
  Deno.mkdirSync(`${folder}/..${version}`);
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${folder}/..${version}/${name}`, text);
  }
  Deno.symlinkSync(`..${version}`, `${folder}/..data_tmp`);
  Deno.renameSync(`${folder}/..data_tmp`, `${folder}/..data`);
}

/** Waits for so many lines of the log that hold this text. */
async function logged(falco: FalcoProcess, text: string, times: number): Promise<void> {
  const endMs = performance.now() + 60_000;
  const count = () => falco.log.filter((line) => line.includes(text)).length;
  while (count() < times) {
    ok(performance.now() < endMs, `"${text}" ${count()} times instead of ${times}:\n${falco.log.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Runs a program again and again, each time with the next number, until `stop`. */
function load(program: string): { stop: () => Promise<number> } {
  let runs = 0;
  let isOver = false;
  const done = (async () => {
    while (!isOver) await new Deno.Command(program, { args: [String(runs++)] }).output();
  })();
  return {
    async stop() {
      isOver = true;
      await done;
      return runs;
    },
  };
}

live(
  "a ConfigMap, broken rules, a storm of SIGHUP, another ring size: each event is reported once, by rules in force",
  async (folder) => {
    const program = `load${Deno.pid}`.slice(0, 15);
    const path = `${folder}/${program}`;
    Deno.copyFileSync("/bin/true", path);
    const maps = `${folder}/rules`;
    Deno.mkdirSync(maps);
    publish(maps, "v1", { "rules.yaml": rule("first", program) });
    Deno.symlinkSync("..data/rules.yaml", `${maps}/rules.yaml`);
    const config = `${folder}/falco.yaml`;
    const configure = (preset: number) =>
      Deno.writeTextFileSync(
        config,
        `rules_files: [${maps}]\nengine: {kind: modern_ebpf, modern_ebpf: {buf_size_preset: ${preset}}}\n`,
      );
    configure(4);
    const falco = await FalcoProcess.start(["-c", config]);
    const runs = load(path);
    await falco.alert("first");

    publish(maps, "v2", { "rules.yaml": rule("never", "nobody") + rule("second", program) });
    await falco.alert("second");

    publish(maps, "v3", { "rules.yaml": rule("second", program).replace("proc.name", "proc.nam") });
    const failure = await falco.alert("Falco internal: hot restart failure");
    equal(failure.priority, "Critical");
    ok(/rules\.yaml:4:\d+: .*there is no field `proc\.nam`/.test(failure.output), failure.output);
    const before = falco.alerts.length;
    await falco.alert("second", (alert) => falco.alerts.indexOf(alert) >= before);

    publish(maps, "v4", { "rules.yaml": rule("repaired", program) });
    await falco.alert("repaired");

    const reloads = falco.log.filter((line) => line.includes("reloaded after")).length;
    for (let i = 0; i < 20; i++) {
      Deno.kill(falco.pid, "SIGHUP");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await logged(falco, "reloaded after", reloads + 1);

    configure(5);
    await logged(falco, "settings changed: engine.modern_ebpf.buf_size_preset", 1);
    const replaced = falco.alerts.length;
    await falco.alert("repaired", (alert) => falco.alerts.indexOf(alert) >= replaced);

    const total = await runs.stop();
    equal(await falco.stop("SIGTERM"), 0);
    const seen = falco.alerts.filter(({ rule }) => !rule.startsWith("Falco")).map(({ output }) =>
      Number(output.split(" ").at(-1))
    );
    // the load began after the start, so every run of it is there
    const all = Array.from({ length: total }, (_, i) => i);
    deepEqual(all.filter((run) => !seen.includes(run)), [], "missing");
    deepEqual(seen.filter((run, i) => seen.indexOf(run) !== i), [], "twice");
    deepEqual(seen, all, "in order");
    ok(falco.log.some((line) => line.endsWith("drops 0")), falco.log.join("\n"));
  },
);

live(
  "watch_config_files=false: only SIGHUP reloads; SIGTERM while it does ends the run in order",
  async (folder) => {
    const path = `${folder}/rules.yaml`;
    Deno.writeTextFileSync(path, rule("one", "nobody"));
    const falco = await FalcoProcess.start(["-r", path, "-o", "watch_config_files=false"]);
    Deno.writeTextFileSync(path, rule("one", "nobody") + rule("two", "nobody"));
    await new Promise((resolve) => setTimeout(resolve, 500));
    ok(!falco.log.some((line) => line.includes("reload")));
    Deno.kill(falco.pid, "SIGHUP");
    await logged(falco, "2 rules, 1 new", 1);
    Deno.kill(falco.pid, "SIGUSR1");
    await logged(falco, "reopening outputs", 1);
    Deno.kill(falco.pid, "SIGHUP");
    equal(await falco.stop("SIGTERM"), 0);
  },
);
