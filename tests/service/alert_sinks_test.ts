import { deepEqual, equal, match } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { defaultSettings, type Settings } from "../../config/settings.ts";
import { AlertOutput } from "../../service/run/alert_output.ts";
import { until } from "../outputs/outgoing_alerts.ts";
import { alert, rule, template, text } from "../outputs/samples.ts";
import { freePort, HttpReceiver } from "../outputs/sinks/local_server.ts";

const FLOOD = fileURLToPath(new URL("alert_flood.ts", import.meta.url));
const RULES = [rule(template("%proc.name"))];

function outputOf(settings: Partial<Settings>, log: string[] = []): AlertOutput {
  return new AlertOutput({
    rules: RULES,
    settings: { ...defaultSettings(), "stdout_output.enabled": false, ...settings },
    unbuffered: false,
    onClosed: () => {},
    log: (level, message) => log.push(`${level}: ${message}`),
  });
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const take = (output: AlertOutput, word: string) => output.take(alert([text(word)]));

Deno.test("50,000 alerts at once come out of standard output, file and HTTP, each in order and none lost", () =>
  inFolder(async (folder) => {
    await using receiver = await HttpReceiver.start();
    const args = ["run", "-A", "--no-check", FLOOD, "50000", `${folder}/out`, receiver.url];
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
    const { sinks } = JSON.parse(new TextDecoder().decode(stderr));
    const all = { delivered: 50_000, dropped: [] };
    deepEqual(sinks, { stdout: all, file: all, http: all });
    const lines = new TextDecoder().decode(stdout);
    equal(lines, await Deno.readTextFile(`${folder}/out`));
    equal(lines, receiver.received.map(({ text }) => text.endsWith("\n") ? text : `${text}\n`).join(""));
    const numbers = [...lines.matchAll(/"fd\.name":"\/tmp\/(\d+)"/g)].map(([, number]) => Number(number));
    deepEqual(numbers, Array.from({ length: 50_000 }, (_, index) => index + 1));
  }));

Deno.test("a sink that is down delays nobody; it is seen in the counts and once in the log", () =>
  inFolder(async (folder) => {
    const log: string[] = [];
    const output = outputOf({
      "file_output.enabled": true,
      "file_output.filename": `${folder}/out`,
      "http_output.enabled": true,
      "http_output.url": `http://127.0.0.1:${await freePort()}/`,
    }, log);
    for (const word of ["a", "b", "c"]) take(output, word);
    await output.settled();
    await output.close(20);
    match(await Deno.readTextFile(`${folder}/out`), /Warning a\n.*Warning b\n.*Warning c\n$/);
    const [file, http] = output.sinkStats();
    deepEqual([file?.delivered, file?.dropped], [3n, {}]);
    deepEqual([http?.delivered, http?.dropped, http?.isFailing], [0n, { closed: 3n }, true]);
    equal(output.dropped, 3n);
    equal(log.filter((line) => line.includes("trying again")).length, 1);
  }));

Deno.test("entries of sinks have their own form, priority and name; two of a type are told apart", () =>
  inFolder(async (folder) => {
    const entry = {
      type: "file",
      format: "falco",
      priority: "debug",
      spool: false,
      queue_capacity: 100,
      keep_alive: false,
      rotate_size_mb: 0,
      rotate_age: 0,
      rotate_keep: 1,
      rotate_compress: true,
    } as const;
    const output = outputOf({
      sinks: [
        { ...entry, filename: `${folder}/text` },
        { ...entry, filename: `${folder}/json`, format: "json" },
        { ...entry, filename: `${folder}/ecs`, format: "ecs", name: "siem" },
        { ...entry, filename: `${folder}/severe`, priority: "error" },
      ],
    });
    take(output, "word");
    await output.settled();
    await output.close();
    deepEqual(output.sinkStats().map(({ name }) => name), ["file", "file-2", "siem", "file-3"]);
    match(await Deno.readTextFile(`${folder}/text`), /: Warning word\n$/);
    equal(JSON.parse(await Deno.readTextFile(`${folder}/json`)).rule, "R");
    equal(JSON.parse(await Deno.readTextFile(`${folder}/ecs`)).rule.name, "R");
    deepEqual([...Deno.readDirSync(folder)].some(({ name }) => name === "severe"), false);
  }));

Deno.test("new settings: an unchanged sink keeps its counts, a changed one is replaced after it has delivered", () =>
  inFolder(async (folder) => {
    const before = {
      ...defaultSettings(),
      "stdout_output.enabled": false,
      "file_output.enabled": true,
      "file_output.filename": `${folder}/same`,
      "program_output.enabled": true,
      "program_output.program": `cat >> ${folder}/old`,
    };
    const output = outputOf(before);
    for (const word of ["a", "b", "c"]) take(output, word);
    const replaced = output.configure(
      { ...before, "program_output.program": `cat >> ${folder}/new` },
      RULES,
      1,
    );
    for (const word of ["d", "e"]) take(output, word);
    await replaced;
    await until("delivered", () => output.sinkStats().every(({ queuedMessages }) => queuedMessages === 0));
    await output.close();
    const words = async (name: string) =>
      [...(await Deno.readTextFile(`${folder}/${name}`)).matchAll(/Warning (\w)/g)].map(([, word]) => word)
        .join("");
    deepEqual([await words("same"), await words("old"), await words("new")], ["abcde", "abc", "de"]);
    const stats = Object.fromEntries(output.sinkStats().map(({ name, delivered }) => [name, delivered]));
    deepEqual(stats, { file: 5n, program: 2n });
    equal(output.dropped, 0n);
  }));

Deno.test("a sink with a spool that is replaced hands over what waits", () =>
  inFolder(async (folder) => {
    await using receiver = await HttpReceiver.start();
    const before = {
      ...defaultSettings(),
      "stdout_output.enabled": false,
      "http_output.enabled": true,
      "http_output.spool": true,
      "http_output.url": `http://127.0.0.1:${await freePort()}/`,
      "spool.directory": `${folder}/spool`,
    };
    const output = outputOf(before);
    for (const word of ["a", "b"]) take(output, word);
    await output.settled();
    const replaced = output.configure({ ...before, "http_output.url": receiver.url }, RULES, 1);
    take(output, "c");
    await replaced;
    await until("delivered", () => receiver.received.length === 3);
    await output.close();
    deepEqual(receiver.received.map(({ text }) => text.at(-1)), ["a", "b", "c"]);
    equal(output.dropped, 0n);
  }));

Deno.test("alerts of older rules are rendered by those, also after a reload", () =>
  inFolder(async (folder) => {
    const settings = { "file_output.enabled": true, "file_output.filename": `${folder}/out` };
    const output = outputOf(settings);
    output.setRules([rule(template("new %proc.name"))], 1);
    output.take(alert([text("x")]), 0);
    output.take(alert([text("y")]), 1);
    await output.settled();
    await output.close();
    match(await Deno.readTextFile(`${folder}/out`), /Warning x\n.*Warning new y\n$/);
  }));
