// The probe's filter and its model are fed the same opens and agree, hostile paths included: relative and unclean ones, links,
// long names, texts at the border of a page or in a page that is not in memory.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { isReported, MAX_TESTED_BYTES } from "../../rules/kernel_filter/model.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import { makeSource } from "../../rules/text/source.ts";
import { assertNothingDropped, CProgram } from "./c_program.ts";
import { valueOf } from "./event_values.ts";
import { liveSkipReason, record } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

/** The kernel's numbers. */
const O = { RDONLY: 0, WRONLY: 1, RDWR: 2, CREAT: 0o100, DIRECTORY: 0o200000, ACCMODE: 3 };
const O_TMPFILE = 0o20200000;
const O_LARGEFILE = 0o100000;

const RULES: Readonly<Record<string, string>> = {
  "beginnings, ends and parts": `
    (evt.is_open_read=true and (fd.name in (/etc/passwd, FOLDER/secret) or fd.directory = FOLDER/private))
    or (evt.is_open_write=true and (fd.filename = the_log or fd.name endswith .conf or fd.name glob "FOLDER/*/keys*"))
    or (evt.is_open_create=true and fd.name startswith FOLDER/new)`,
  "the path as the kernel resolved it": `evt.is_open_read=true and fd.realname startswith FOLDER/private`,
  "every open for writing": `evt.is_open_write=true and fd.name contains log`,
  "opens that have succeeded":
    `fd.num>=0 and ((evt.is_open_read=true and fd.directory = FOLDER/private) or evt.is_open_write=true)`,
  "opens that have succeeded, and unclean paths of those that have not":
    `evt.is_open_read=true and fd.name startswith FOLDER and (fd.num>=0 or fd.nameraw contains "../")`,
};

interface Call {
  readonly how: "border" | "cold";
  readonly call: "open" | "openat";
  readonly flags: number;
  readonly path: string;
}

function calls(folder: string): Call[] {
  const paths = [
    ...[
      "secret",
      "secret2",
      "secre",
      "private/a",
      "private/b.conf",
      "public/the_log",
      "public/x",
      "public/keys.1",
    ],
    ...[
      "link",
      "folder_link/a",
      "missing",
      "new_one",
      "public",
      "private",
      "",
      ".",
      "public/.",
      "public/..",
      "./x",
    ],
    ...["public//x", "public/./x", "public/../secret", "x..", "..x", "a".repeat(200), "d/".repeat(100) + "f"],
  ].map((name) => `${folder}/${name}`);
  const fill = MAX_TESTED_BYTES - folder.length - 1;
  const borders = [fill - 1, fill, fill + 1].map((length) => `${folder}/${"z".repeat(length)}`);
  const others = [
    ...[
      "relative",
      "public/relative",
      "/",
      "//",
      "/etc/passwd",
      "/dev/null",
      "/proc/self/status",
      "/etc/../etc/passwd",
    ],
    ...[`/${"n/".repeat(2040)}`, `/${"m".repeat(4090)}`, "/proc/self/ns/mnt"],
  ];
  const found: Call[] = [];
  for (const path of [...paths, ...borders, ...others].filter((text) => text !== "")) {
    for (const flags of [O.RDONLY, O.WRONLY, O.RDWR, O.RDONLY | O.DIRECTORY]) {
      for (const call of ["open", "openat"] as const) found.push({ how: "border", call, flags, path });
    }
    found.push({ how: "cold", call: "openat", flags: O.RDONLY, path });
  }
  for (const name of ["new_a", "old_a", "public/new_b"]) {
    found.push({ how: "border", call: "openat", flags: O.WRONLY | O.CREAT, path: `${folder}/${name}` });
  }
  found.push({ how: "border", call: "openat", flags: O.RDWR | O_TMPFILE, path: `${folder}/public` });
  // large file support, so that every call is another one by its flags or its text
  return found.map((call, at) => at % 2 === 0 ? call : { ...call, flags: call.flags | O_LARGEFILE });
}

async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
  for (const name of ["private", "public"]) await Deno.mkdir(`${folder}/${name}`);
  for (
    const name of ["secret", "secret2", "private/a", "private/b.conf", "public/the_log", "public/x", "x"]
  ) {
    await Deno.writeTextFile(`${folder}/${name}`, "");
  }
  await Deno.symlink(`${folder}/private/a`, `${folder}/link`);
  await Deno.symlink(`${folder}/private`, `${folder}/folder_link`);
  return folder;
}

const encoder = new TextEncoder();

function expected(
  filter: NonNullable<ReturnType<typeof compileRules>["kernelFilter"]["opens"]>,
  call: Call,
): boolean {
  const { path, flags } = call;
  const mode = flags & O.ACCMODE;
  const creates = (flags & (O.CREAT | O_TMPFILE)) !== 0;
  return isReported(filter, {
    path: encoder.encode(path),
    reads: mode !== O.WRONLY,
    writes: mode !== O.RDONLY,
    creates,
    executable: creates, // the program's mode is 0700
    ...outcome(path, flags),
  });
}

/** What the open gives, as the host has it when the program has run. */
function outcome(
  path: string,
  flags: number,
): { failed: boolean; isFile: boolean; isDirectory?: boolean; resolvedPath?: Uint8Array } {
  if ((flags & O_TMPFILE) === O_TMPFILE) {
    return { failed: false, isFile: true, resolvedPath: encoder.encode(`${path}/#1`) };
  }
  // the runtime does not look into these; a namespace can only be read
  if (path.startsWith("/proc/self/ns/")) {
    return { failed: (flags & ~O_LARGEFILE) !== O.RDONLY, isFile: false };
  }
  try {
    const info = Deno.statSync(path);
    const failed = info.isDirectory ? (flags & O.ACCMODE) !== 0 : (flags & O.DIRECTORY) !== 0;
    const isDirectory = info.isDirectory && (flags & O.DIRECTORY) !== 0;
    // a directory that is not opened as one is a file to the reader
    const isFile = info.isFile === true || info.isCharDevice === true || (info.isDirectory && !isDirectory);
    return {
      failed,
      isFile,
      isDirectory,
      // the root has no name of its own
      ...path === "/" ? {} : { resolvedPath: encoder.encode(Deno.realPathSync(path)) },
    };
  } catch {
    return { failed: true, isFile: false };
  }
}

const OF_RAW: ProbeHooks = { byPerf: false, entriesByCall: false };
const CASES = [
  ...Object.entries(RULES).map(([name, condition]) => ({ name, condition, hooks: OF_RAW })),
  ...[{ byPerf: false, entriesByCall: true }, { byPerf: true, entriesByCall: false }].map((hooks) => ({
    name: `beginnings, programs on ${
      hooks.byPerf ? "perf's tracepoints" : "raw tracepoints and those of calls"
    }`,
    condition: Object.values(RULES)[0]!,
    hooks,
  })),
];

for (const { name, condition, hooks } of CASES) {
  Deno.test({
    name: `the probe and the model agree on ${name}${suffix}`,
    ignore: skip !== undefined,
    async fn() {
      const folder = await makeFolder();
      try {
        const text = condition.replaceAll("FOLDER", folder).replaceAll(/\s+/g, " ");
        const { rules } = loadRules([makeSource(
          "r.yaml",
          [
            "- rule: r",
            "  desc: d",
            `  condition: evt.type in (open, openat) and (${text})`,
            "  output: o",
            "  priority: info",
          ].join("\n"),
        )]);
        const { kernelFilter, filter } = compileRules(rules, { matching: "all" });
        assert.ok(kernelFilter.opens !== undefined);
        const all = calls(folder);
        const list = `${folder}/opens_list`;
        await Deno.writeTextFile(list, all.map((c) => `${c.how} ${c.call} ${c.flags} ${c.path}\n`).join(""));
        const program = await CProgram.compile(folder, "opens");
        let tid = 0n;
        const types = ["open", "openat", "close", "dup2"];
        const seen = await record({
          exitCalls: types,
          enterCalls: ["open", "openat"],
          withRealpath: true,
          filter,
          hooks,
        }, async () => {
          const child = new Deno.Command(program.path, { args: [list], cwd: folder }).spawn();
          tid = BigInt(child.pid);
          assert.ok((await child.status).success);
        });
        assertNothingDropped(seen.counters);
        const own = seen.events.filter((event) => event.tid === tid);
        const opens = own.filter(({ def }) =>
          (def.name === "open" || def.name === "openat") && def.direction === "exit"
        );
        // the text in an event ends where the probe's room ends
        const key = (call: string, path: string) => `${call} ${path}`;
        const counted = new Map<string, number>();
        for (const event of opens) {
          const at = key(event.def.name, String(valueOf(event, "name")));
          counted.set(at, (counted.get(at) ?? 0) + 1);
        }
        const wanted = new Map<string, number>();
        for (const call of all) {
          const at = key(call.call, call.path);
          wanted.set(at, (wanted.get(at) ?? 0) + (expected(kernelFilter.opens, call) ? 1 : 0));
        }
        for (const [at, count] of wanted) {
          if (at.endsWith("opens_list")) continue;
          assert.equal(counted.get(at) ?? 0, count, at.slice(0, 300));
        }
        // every reported open has its entry before it, and its close after it
        const entries = own.filter(({ def }) =>
          (def.name === "open" || def.name === "openat") && def.direction === "enter"
        );
        assert.equal(entries.length, opens.length);
        // the list itself stays open
        const made = opens.filter((event) =>
          BigInt(valueOf(event, "fd") ?? -1n) >= 0n && !String(valueOf(event, "name")).endsWith("opens_list")
        ).length;
        assert.ok(
          own.filter(({ def }) =>
            def.name === "close"
          ).length >= made,
          "closes",
        );
        assert.ok(seen.counters["left_out_openat"]! > 0n);
        assert.ok(seen.counters["left_out_close"]! > 0n);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
