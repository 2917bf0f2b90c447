import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { falco, STACK_TRACE } from "../falco_command.ts";
import { liveRefusal } from "../../live/falco_process.ts";
import { RECORDING_NAMES, recordingPath } from "../../support/recordings.ts";
import { FALCO, PROJECT } from "../../support/program.ts";

/** What Falco printed for the first events of each recording. */
const ORACLE_FORMAT = "%evt.num %evt.rawtime %evt.type %thread.tid %evt.args";
const ORACLE_EVENTS = 20_000;
const FILES = recordingPath("files");

const refusal = await liveRefusal();
function live(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: refusal === null ? name : `${name}: skipped, ${refusal}`, ignore: refusal !== null, fn });
}

function lines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

/** Falco 0.44, which made the recordings, has U+FFFD or raw bytes where ours has escapes. */
function comparable(text: string): string {
  return text.replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, "\ufffd");
}

/** In the recordings line breaks and backslashes are escaped; ours are escaped as JSON. */
function recordedText(line: string): string {
  return comparable(line.replace(/\\([\\nr])/g, (_, letter) => letter === "\\" ? letter : "\n"));
}

function ourText(line: string): string {
  return comparable(JSON.parse(`"${line}"`));
}

for (const name of RECORDING_NAMES) {
  Deno.test(`events of ${name}: at least 99.9 % of the lines are Falco's`, async () => {
    const { code, stdout, stderr } = await falco(
      ...["events", "--trace", recordingPath(name), "-p", ORACLE_FORMAT, "--max", String(ORACLE_EVENTS)],
    );
    equal(code, 0, stderr);
    const path = recordingPath(name).replace(/\.scap$/, ".events.txt.gz");
    const expected = lines(new TextDecoder().decode(gunzipSync(Deno.readFileSync(path))));
    const made = lines(stdout);
    equal(made.length, expected.length);
    const different = made.flatMap((line, at) =>
      ourText(line) === recordedText(expected[at]!) ? [] : [`${expected[at]}\n${line}`]
    );
    ok(
      different.length <= expected.length / 1000,
      `${different.length} differ:\n${different.slice(0, 3).join("\n")}`,
    );
  });
}

Deno.test(
  "without a format, an event is a line of its number, time, cpu, process, direction, type and arguments",
  async () => {
    const { code, stdout, stderr } = await falco("events", "--trace", FILES, "--max", "3");
    deepEqual([code, stderr], [0, ""]);
    equal(lines(stdout).length, 3);
    for (const line of lines(stdout)) match(line, /^\d+ \d\d:\d\d:\d\d\.\d{9} \d+ \S+ \(\d+\) [<>] \w+ \w+=/);
  },
);

Deno.test(
  "a filter in the condition language selects events; macros and lists of rules may be used",
  async () => {
    const shadow = await falco(
      ...[
        "events",
        "--trace",
        FILES,
        "-p",
        "%evt.type %fd.name",
        "evt.type=openat",
        "and",
        "fd.name=/etc/shadow",
      ],
    );
    deepEqual([shadow.code, shadow.stderr], [0, ""]);
    ok(lines(shadow.stdout).length > 0);
    for (const line of lines(shadow.stdout)) equal(line, "openat /etc/shadow");
    const spawned = await falco("events", "--trace", FILES, "-p", "%evt.type", "spawned_process");
    ok(lines(spawned.stdout).length > 0, spawned.stderr);
    for (const line of lines(spawned.stdout)) match(line, /^execve(at)?$/);
  },
);

const MISTAKES: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [["proc.nam = cat"], /unknown-field[^]*FILTER:1:1[^]*\^{8}[^]*did you mean `proc\.name`/],
  [["evt.type = openat and"], /condition-syntax[^]*FILTER:1:/],
  [["no_such_macro"], /undefined-macro[^]*FILTER:1:1/],
  [["-p", "%proc.nam", "proc.name=x"], /unknown-output-field[^]*FORMAT:1:1/],
  [["-r", "/nowhere.yaml", "proc.name=x"], /cannot read \/nowhere\.yaml/],
  [["--max", "0"], /--max 0: expected a whole number of events/],
  [["--trace", "/nowhere.scap"], /\/nowhere\.scap": no such file/],
];

for (const [args, message] of MISTAKES) {
  Deno.test(`falco events ${args.join(" ")}: a clear error, exit 1`, async () => {
    const { code, stdout, stderr } = await falco("events", ...args);
    match(stderr, message);
    doesNotMatch(stderr, STACK_TRACE);
    deepEqual([code, stdout], [1, ""]);
  });
}

Deno.test("names with control characters cannot steer the terminal", async () => {
  const { stdout } = await falco("events", "--trace", FILES, "-p", "%evt.args %fd.name %proc.args");
  doesNotMatch(stdout, /\p{Cc}(?<!\n)/u);
});

Deno.test("a reader that has seen enough ends it without an error", async () => {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", `"$@" | head -n 2`, "sh", ...FALCO, "events", "--trace", FILES],
    cwd: PROJECT,
  }).output();
  equal(lines(new TextDecoder().decode(stdout)).length, 2);
  deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
});

live("live, every call is shown as it happens, reads and writes too, and --max ends it", async () => {
  const marker = `falco-events-${Deno.pid}`;
  const path = await Deno.makeTempFile({ prefix: marker });
  const worker = new Deno.Command("sh", {
    args: ["-c", `for i in $(seq 200); do cat ${path}; echo x > ${path}; sleep 0.05; done`],
    stdout: "null",
  }).spawn();
  try {
    const { code, stdout, stderr } = await falco(
      ...["events", "-M", "20", "--max", "40", "-p", "%evt.type %proc.name %fd.name"],
      ...["fd.name", "contains", marker, "and", "evt.type", "in", "(openat, read, write, close)"],
    );
    equal(code, 0, stderr);
    equal(lines(stdout).length, 40);
    for (const type of ["openat", "read", "write", "close"]) {
      match(stdout, new RegExp(`^${type} (cat|sh) .*${marker}`, "m"));
    }
  } finally {
    worker.kill();
    await worker.status;
    await Deno.remove(path);
  }
});

Deno.test(
  "a filter may use what `falco check` accepts: macros of the rules, static fields, bundled rules",
  async () => {
    const rules = Deno.makeTempFileSync({ suffix: ".yaml" });
    Deno.writeTextFileSync(rules, "- {macro: at_site, condition: static.site = x}\n");
    try {
      const { code, stdout, stderr } = await falco(
        ...["events", "--trace", FILES, "--max", "2", "-r", rules, "-o", "static_fields.site=x"],
        "evt.type in (open, openat) and at_site",
      );
      deepEqual([code, lines(stdout).length], [0, 2], stderr);
    } finally {
      Deno.removeSync(rules);
    }
  },
);
