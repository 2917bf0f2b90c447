// Every subcommand and every form that prints, by the executable, in a root that holds nothing else: no /etc/falco, no
// source tree, no working folder of the program's own.

import assert from "node:assert/strict";
import { createProgram } from "../../cli/program.ts";
import { placeExecutable } from "../support/executable.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { BareRoot } from "./bare_root.ts";

interface Smoke {
  readonly args: readonly string[];
  /** default: 0 */
  readonly code?: number;
  readonly stdout?: RegExp;
  readonly stderr?: RegExp;
}

const RULE = "- {rule: Mine, desc: d, condition: evt.type = openat, output: o %fd.name, priority: INFO}\n";
const TEST = "cases: [{name: n, process: cat, events: [openat /x read], expect: {rule: Mine}}]\n";
const SIGMA = "{title: Cat, logsource: {product: linux, category: process_creation}, level: low, " +
  "detection: {selection: {Image|endswith: /cat}, condition: selection}}\n";
const OPENED = "evt.type in (open, openat)";

/** By subcommand; in this order: a recording is made before it is read. */
const COMMANDS: Readonly<Record<string, readonly Smoke[]>> = {
  record: [
    {
      args: ["record", "-w", "/tmp/filtered.scap", "--max-events", "1", OPENED],
      stderr: /in \/tmp\/filtered/,
    },
    {
      args: ["record", "-w", "/tmp/all.scap", "--max-events", "1000"],
      stderr: /\d+ events in \/tmp\/all\.scap/,
    },
  ],
  events: [
    { args: ["events", "--max", "1", OPENED], stdout: /open/ },
    { args: ["events", "--max", "1"], stdout: /^\d+ / },
    { args: ["events", "--trace", "/tmp/filtered.scap", "-p", "%evt.type"], stdout: /^open(at)?$/m },
  ],
  replay: [
    { args: ["replay", "/tmp/all.scap"], stderr: /loaded \d+ rules/ },
    { args: ["replay", "/tmp/filtered.scap", "-r", "/mine.yaml"], stdout: /Informational o \// },
  ],
  check: [{ args: ["check", "/mine.yaml"] }, { args: ["check", "/nowhere.yaml"], code: 1 }],
  list: ["rules", "macros", "lists", "fields", "events", "config"].map((subject) => ({
    args: ["list", subject],
    stdout: /\w{3,}/,
  })),
  doctor: [{ args: ["doctor"], stdout: /^ok +self-test: security /m }],
  explain: [{
    args: ["explain", "Mine", "-r", "/mine.yaml", "--trace", "/tmp/all.scap"],
    stdout: /^Mine \(/,
  }],
  bench: [{ args: ["bench", "-r", "/mine.yaml", "--duration", "1"], stdout: /^filter auto +[\d,]+ /m }],
  profile: [{ args: ["profile", "-r", "/mine.yaml", "--trace", "/tmp/all.scap"], stdout: /ns\/look/ }],
  test: [{ args: ["test", "/mine.test.yaml"], stdout: /1 passed, 0 failed/ }],
  fmt: [{ args: ["fmt", "--check", "/mine.yaml"] }],
  import: [{ args: ["import", "sigma", "/sigma.yml", "-o", "/tmp/sigma"], stdout: /1 of 1 rules converted/ }],
  lsp: [{ args: ["lsp"] }],
  artifact: [{ args: ["artifact", "list"], stdout: /^ARTIFACT/ }],
  operator: [{
    args: ["operator", "--image", "falco:1", "--namespace", "ns", "--identity", "pod"],
    code: 1,
    stderr: /Cannot ask the API server of Kubernetes/,
  }],
  completion: ["bash", "zsh", "fish"].map((shell) => ({ args: ["completion", shell], stdout: /falco/ })),
};

const FORMS: readonly Smoke[] = [
  { args: ["--version"], stdout: /^Falco version: \d/ },
  { args: ["--help"], stdout: /^Usage: falco/m },
  { args: ["--dry-run"], stderr: /settings and rules are valid/ },
  { args: ["-V", "/mine.yaml"], stdout: /Ok/ },
  { args: ["-L"], stdout: /^Rule +Description/m },
  { args: ["-l", "Mine", "-r", "/mine.yaml"], stdout: /Mine/ },
  { args: ["--list"], stdout: /evt\.time/ },
  { args: ["--list-events"], stdout: /openat/ },
  { args: ["--list-plugins"], stdout: /Name: container/ },
  { args: ["--plugin-info", "json"], stdout: /json/ },
  { args: ["--config-schema"], stdout: /"rules_files"/ },
  { args: ["--rule-schema"], stdout: /"condition"/ },
  { args: ["-i"], stdout: /read/ },
  { args: ["--support"], stdout: /"name":"falco_rules\.yaml \(bundled\)","variants":\[\{"content":"#/ },
];

const refusal = Deno.uid() === 0 ? await liveRefusal() : "needs root, for a root directory of its own";

Deno.test("no subcommand is without a case", () => {
  const names = createProgram(() => {}).commands.map((command) => command.name());
  assert.deepEqual(names.toSorted(), Object.keys(COMMANDS).toSorted());
});

Deno.test({
  name: `in a bare root every subcommand does its work${refusal === null ? "" : ` (skipped: ${refusal})`}`,
  ignore: refusal !== null,
  async fn(t) {
    const folder = Deno.makeTempDirSync({ prefix: "falco-commands-" });
    // a host on which nothing happens has no events to wait for
    const load = new Deno.Command("sh", { args: ["-c", "while :; do cat /dev/null; sleep 0.02; done"] })
      .spawn();
    try {
      await placeExecutable(`${folder}/falco`);
      using root = new BareRoot(`${folder}/falco`);
      Deno.writeTextFileSync(root.at("mine.yaml"), RULE);
      Deno.writeTextFileSync(root.at("mine.test.yaml"), TEST);
      Deno.writeTextFileSync(root.at("sigma.yml"), SIGMA);
      for (const smoke of [...Object.values(COMMANDS).flat(), ...FORMS]) {
        await t.step(`falco ${smoke.args.join(" ")}`, async () => {
          const { code, stdout, stderr } = await root.falco(smoke.args);
          assert.equal(code, smoke.code ?? 0, stdout + stderr);
          if (smoke.stdout !== undefined) assert.match(stdout, smoke.stdout);
          if (smoke.stderr !== undefined) assert.match(stderr, smoke.stderr);
          assert.doesNotMatch(stderr, /no such file.*\(bundled\)|\(bundled\).*no such file/);
        });
      }
    } finally {
      load.kill();
      await load.status;
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
