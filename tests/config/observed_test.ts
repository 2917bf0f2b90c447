// What settings change, seen from outside: the program runs on a small recording, and its output, files and log are read.
// Sinks, web server, metrics, the live engine and noise control have such tests of their own (tests/service/ …).

import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { falco, type Outcome } from "../cli/falco_command.ts";
import { HttpReceiver } from "../outputs/sinks/local_server.ts";
import { matcherMissing } from "../engine/matcher_artefact.ts";

const RULES = `
- rule: One
  desc: a test
  condition: evt.num = 1
  output: first %evt.num
  priority: WARNING
  warn_evttypes: false
  tags: [a, b]
- rule: Any
  desc: a test
  condition: evt.num > 0
  output: any %evt.num
  priority: INFO
  warn_evttypes: false
`;

/** Events of Thursday, 1970-01-01T00:00:01Z, by default three, one for each thread. */
function traceBytes(threads: readonly number[] = [1, 1, 1]): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writeMachineInfo(writer, { cpus: 1, memoryBytes: 1n, maxPid: 1, hostname: "h", bootEpochNs: 1n });
  for (const [at, thread] of threads.entries()) {
    writer.beginBlock(0x216);
    writer.u16(0);
    writer.u64(1_000_000_000 + at);
    writer.u64(thread);
    writer.u32(26 + 2 * 2 + 2 + 2);
    writer.u16(1);
    writer.u32(2);
    writer.u16(2);
    writer.u16(2);
    writer.u16(24);
    writer.u16(162);
    writer.endBlock();
  }
  return new Uint8Array(writer.take());
}

interface Run extends Outcome {
  readonly lines: readonly string[];
  readonly alerts: readonly Record<string, unknown>[];
  readonly file: (name: string) => string;
}

/** Runs \`falco -c falco.yaml\` in a folder with this file, the rules and the recording; DIR is the folder. */
async function runWith(config: string, args: readonly string[], look: (run: Run) => void | Promise<void>) {
  const folder = Deno.makeTempDirSync();
  try {
    const path = (name: string) => join(folder, name);
    Deno.writeFileSync(path("t.scap"), traceBytes());
    Deno.writeFileSync(path("threads.scap"), traceBytes(Array.from({ length: 3000 }, (_, i) => i + 10)));
    Deno.writeTextFileSync(path("rules.yaml"), RULES);
    Deno.writeTextFileSync(path("more.yaml"), "json_output: true\n");
    const base = config.includes("rules_files") ? "" : "rules_files: [DIR/rules.yaml]\nlog_syslog: false\n";
    Deno.writeTextFileSync(path("falco.yaml"), (base + config).replaceAll("DIR", folder));
    const command = args.includes("replay")
      ? args
      : [...args, "-o", "engine.kind=replay", "-o", `engine.replay.capture_file=${path("t.scap")}`];
    const outcome = await falco(
      ...command.map((arg) => arg.replaceAll("DIR", folder)),
      "-c",
      path("falco.yaml"),
    );
    const lines = outcome.stdout.split("\n").filter((line) => line !== "");
    await look({
      ...outcome,
      stderr: outcome.stderr.replaceAll(`${folder}/`, ""),
      lines,
      get alerts() {
        return lines.map((line) => JSON.parse(line));
      },
      file: (name) => Deno.readTextFileSync(path(name)),
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const CASES: [name: string, config: string, args: string[], look: (run: Run) => void | Promise<void>][] = [
  [
    "defaults: text alerts with the time of day, the first rule of an event",
    "",
    [],
    ({ code, lines, stderr }) => {
      equal(code, 0, stderr);
      deepEqual(lines, [
        "00:00:01.000000000: Warning first 1",
        "00:00:01.000000001: Informational any 2",
        "00:00:01.000000002: Informational any 3",
      ]);
      match(stderr, /Informational loaded 2 rules/);
    },
  ],
  [
    "json_output, json_include_message_property, rule_matching, time_format_iso_8601, log_level",
    "json_output: true\njson_include_message_property: true\nrule_matching: all\ntime_format_iso_8601: true\nlog_level: error\n",
    [],
    ({ alerts, stderr }) => {
      equal(stderr, "");
      deepEqual(alerts.map(({ rule }) => rule), ["One", "Any", "Any", "Any"]);
      const [{ output, message, output_fields, tags, hostname }] = alerts as [Record<string, unknown>];
      equal(output, "1970-01-01T00:00:01.000000000+0000: Warning first 1");
      deepEqual([message, tags, hostname], ["first 1", ["a", "b"], "node1"]);
      deepEqual(output_fields, { "evt.num": 1, "evt.time.iso8601": 1_000_000_000 });
    },
  ],
  [
    "json_include_output_property, json_include_output_fields_property, json_include_tags_property, log_stderr",
    "json_output: on\njson_include_output_property: no\njson_include_output_fields_property: no\n" +
    "json_include_tags_property: no\nlog_stderr: false\n",
    [],
    ({ alerts, stderr }) => {
      equal(stderr, "");
      deepEqual(Object.keys(alerts[0]!).sort(), ["hostname", "priority", "rule", "source", "time"]);
    },
  ],
  ["priority", "priority: warning\n", [], ({ lines, stderr }) => {
    equal(lines.length, 1);
    match(stderr, /loaded 1 rule /);
  }],
  [
    "rules, append_output, static_fields, variables of the environment",
    "rules: [{disable: {rule: '*'}}, {enable: {tag: a}}]\n" +
    "append_output: [{match: {tags: [b]}, extra_output: 'at %static.site of ${FALCO_HOSTNAME}'}]\n" +
    "static_fields: {site: berlin}\n",
    [],
    ({ lines }) => deepEqual(lines, ["00:00:01.000000000: Warning first 1 at berlin of node1"]),
  ],
  [
    "config_files, and an option that beats them",
    "config_files: [DIR/more.yaml]\npriority: error\n",
    ["-o", "priority=warning"],
    ({ alerts }) => deepEqual(alerts.map(({ rule }) => rule), ["One"]),
  ],
  [
    "stdout_output.enabled, file_output.enabled, file_output.filename",
    "stdout_output: {enabled: false}\nfile_output: {enabled: true, filename: DIR/alerts.txt}\n",
    [],
    ({ stdout, file, stderr }) => {
      equal(stdout, "", stderr);
      equal(file("alerts.txt").split("\n").length, 4);
    },
  ],
  [
    "program_output.enabled, program_output.program, program_output.keep_alive",
    "program_output: {enabled: true, keep_alive: true, program: 'cat > DIR/program.txt'}\n",
    [],
    ({ file, lines }) => deepEqual(file("program.txt").trimEnd().split("\n"), lines),
  ],
  [
    "sinks: name, type, format, priority",
    "sinks:\n  - {type: file, name: second, filename: DIR/second.json, format: json, priority: warning}\n",
    [],
    ({ file }) => equal(JSON.parse(file("second.json")).rule, "One"),
  ],
  [
    "falco_libs.thread_table_size",
    "falco_libs: {thread_table_size: 1024}\n",
    ["replay", "DIR/threads.scap", "-v"],
    ({ stderr, code }) => {
      equal(code, 0, stderr);
      const threads = Number(/ threads (\d+)$/m.exec(stderr)?.[1]);
      ok(threads <= 1024 && threads > 500, stderr);
    },
  ],
  [
    "a wrong configuration ends before anything starts, with all its problems",
    "priority: loud\njson_outptu: true\n",
    [],
    ({ code, stdout, stderr }) => {
      deepEqual([code, stdout], [1, ""]);
      match(stderr, /^Error: falco\.yaml:3:11: priority must be one of/m);
      match(stderr, /^Error: falco\.yaml:4:1: unknown setting json_outptu; did you mean `json_output`\?$/m);
      doesNotMatch(stderr, /loaded/);
    },
  ],
  [
    "--lenient starts all the same, and warns",
    "priority: loud\njson_outptu: true\n",
    ["--lenient"],
    ({ code, lines, stderr }) => {
      deepEqual([code, lines.length], [0, 3], stderr);
      match(stderr, /Warning falco\.yaml:4:1: unknown setting json_outptu; .*\(ignored\)/);
    },
  ],
  [
    "rules_files: without any that exists there is nothing to run",
    "rules_files: [DIR/none.yaml]\n",
    [],
    ({ code, stderr }) => {
      equal(code, 1);
      match(stderr, /Error: no rules: of rules_files none\.yaml none exists/);
    },
  ],
];

for (const [name, config, args, look] of CASES) {
  Deno.test({
    name: `observed: ${name}${matcherMissing === undefined ? "" : ` (skipped: ${matcherMissing})`}`,
    ignore: matcherMissing !== undefined,
    fn: () => runWith(config, args, look),
  });
}

Deno.test({
  name: `observed: http_output.enabled, http_output.url, http_output.echo${
    matcherMissing === undefined ? "" : ` (skipped: ${matcherMissing})`
  }`,
  ignore: matcherMissing !== undefined,
  async fn() {
    await using receiver = await HttpReceiver.start(() => ({ body: "taken\x1b[31m" }));
    const config = `http_output: {enabled: true, url: "${receiver.url}", echo: true}\n`;
    await runWith(config, [], ({ lines, stderr }) => {
      equal(receiver.received.length, 3, stderr);
      deepEqual(lines.filter((line) => line.startsWith("taken")), Array(3).fill("taken\ufffd[31m"));
      equal(lines.join("").includes("\x1b"), false);
    });
  },
});

Deno.test("observed: --config-schema prints the JSON schema, with every key", async () => {
  const { code, stdout } = await falco("--config-schema");
  equal(code, 0);
  const schema = JSON.parse(stdout);
  equal(schema.$schema, "http://json-schema.org/draft-06/schema#");
  const { properties } = schema.definitions.FalcoConfig;
  deepEqual(properties.engine.properties.kind.enum.slice(0, 2), ["modern_ebpf", "replay"]);
  equal(
    properties.sinks.items.anyOf.find(({ title }: { title: string }) => title === "http").required[0],
    "type",
  );
});
