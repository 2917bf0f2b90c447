// The push-down leaves out nothing that a rule matches: random rules and those of people, over all recordings. An open that
// matches is reported by the model of the kernel's decision; no rule that asks nothing of files matches an event on one.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { EVENT_FLAGS } from "../../../schema/mod.ts";
import { CURRENT_EVENTS } from "../../../schema/events.ts";
import { loadRules } from "../../../rules/load.ts";
import { lower } from "../../../rules/lower/lower.ts";
import { kernelFilter } from "../../../rules/kernel_filter/kernel_filter.ts";
import { makeSource } from "../../../rules/text/source.ts";
import { flagBits } from "./flag_bits.ts";
import { isCallReported } from "../../../rules/kernel_filter/call_model.ts";
import { ENTRIES, FD_KINDS, type FdKind } from "../../../rules/kernel_filter/fd_kinds.ts";
import { isReported, type OpenCall } from "../../../rules/kernel_filter/model.ts";
import { RECORDING_NAMES, recordingPath } from "../../support/recordings.ts";
import { filteredRules, type Match, replay } from "./matches.ts";

const FO = flagBits("file_flags");
const EXECUTE = 0o111;
const SLASH = 0x2f;
const OPENS: ReadonlySet<string> = new Set(["open", "openat"]);
const COPIES: ReadonlySet<string> = new Set(["dup", "dup2", "dup3", "fcntl", "pidfd_getfd"]);
/** The fd of these is introduced by the probe, or no file that is left out (rules/kernel_filter/fd_demand.ts). */
const SPARED: ReadonlySet<string> = new Set(["linkat", "fchownat", "setns", "finit_module"]);
/** With these the directory is introduced, too, to which their paths are relative. */
const INTRODUCING: ReadonlySet<string> = new Set(["fchdir"]);
/** These can say what a socket over IP is. */
const TELLING: ReadonlySet<string> = new Set(["connect", "dup", "dup2", "dup3"]);
const MAKERS: ReadonlySet<string> = new Set(
  CURRENT_EVENTS.filter(({ name, flags }) => (flags & EVENT_FLAGS.CREATES_FD) !== 0 && !COPIES.has(name))
    .map(({ name }) => name),
);
/** Their fd is a directory, or they fail. */
const ON_DIRECTORIES: ReadonlySet<string> = new Set(
  CURRENT_EVENTS.filter(({ params }) => params.some(({ type }) => type === "fsrelpath")).map(({ name }) =>
    name
  ),
);

/**
 * Kinds of which the fd may be as the probe would tell them, by what the matcher calls it. A socket that is neither connected nor
 * a server's shows no protocol; one with the name of another may be of none of these kinds.
 */
function kindsOf({ fdType, l4proto }: Match): readonly (FdKind | undefined)[] {
  const isOverIp = fdType === "ipv4" || fdType === "ipv6";
  const kinds = FD_KINDS.filter((kind) =>
    fdType !== "<NA>" &&
    ENTRIES[kind].some((entry) => entry.type === fdType && (!isOverIp || entry.l4proto === l4proto))
  );
  return kinds.length === 0 ? [undefined] : kinds;
}

/** In the way of which least is asked. */
function openedBy(path: Uint8Array): OpenCall {
  const flags = { reads: true, writes: false, creates: false, executable: false };
  return { path, ...flags, failed: false, isFile: true, resolvedPath: new TextEncoder().encode("/") };
}

/**
 * A relative path as the probe has it where the directory was left out, or is where the process is: after the path of that. What is to be
 * shortened it does not complete, but for the directory itself and the one above.
 */
function completed({ path, name }: Match): Uint8Array {
  if (path[0] === SLASH || name[0] !== SLASH) return path;
  const [passed, whole] = [path, name].map((bytes) => new TextDecoder().decode(bytes));
  const below = passed!.replace(/^\.\/(?=.)/, "").replace(/\/$/, "");
  return passed === "." || passed === ".." || whole!.endsWith(`/${below}`) ? name : path;
}

function check(match: Match, conditions: readonly string[], rules: ReturnType<typeof filteredRules>): void {
  const filter = rules.filters[match.rule]!;
  const { opens, kindsAsked, kindsTold } = filter;
  const kinds = kindsOf(match);
  const why = () =>
    `${conditions[match.rule]} matches ${match.event} of ${new TextDecoder().decode(match.path)}`;
  // of a file that is used, the path is the one by which it was opened; of one that was listed there is only the name
  const opened = match.path.length > 0 ? completed(match) : match.resolved;
  const isUnknown = match.fdType === "file" && opens !== undefined && !OPENS.has(match.event) &&
    !isReported(opens, openedBy(opened));
  for (const kind of kinds) {
    assert.ok(
      isCallReported(filter, { event: match.event, result: Number(match.result), kind, isUnknown }),
      `${why()} on ${match.fdType} (${kind})`,
    );
  }
  if (OPENS.has(match.event)) {
    if (opens === undefined) return;
    const call = {
      path: completed(match),
      reads: (match.flags & FO("O_RDONLY")) !== 0,
      writes: (match.flags & FO("O_WRONLY")) !== 0,
      creates: (match.flags & (FO("O_CREAT") | FO("O_TMPFILE"))) !== 0,
      executable: (match.flags & (FO("O_CREAT") | FO("O_TMPFILE"))) !== 0 && (match.mode & EXECUTE) !== 0,
      failed: match.result < 0n,
      isFile: match.fdType === "file",
      isDirectory: match.fdType === "directory",
      resolvedPath: match.resolved,
    };
    assert.ok(isReported(opens, call), why());
  } else if (
    match.fdType === "directory" && !MAKERS.has(match.event) && !INTRODUCING.has(match.event) &&
    !ON_DIRECTORIES.has(match.event)
  ) {
    const isOpenedByPath = opens !== undefined &&
      !isReported(opens, { ...openedBy(opened), isFile: false, isDirectory: true });
    assert.ok(
      filter.allAsked !== undefined || !isOpenedByPath || !opens?.directories,
      `${why()} on a directory`,
    );
  } else if (!MAKERS.has(match.event) && !SPARED.has(match.event) && !ON_DIRECTORIES.has(match.event)) {
    for (const kind of kinds) {
      // a connect, or a copy to standard input, says itself what the socket is (tests/live/filtered_sockets_test.ts)
      const isTold = TELLING.has(match.event) && kind !== undefined && kindsTold?.has(kind);
      const isKnownFile = match.fdType === "file" && opens !== undefined && !isUnknown;
      assert.ok(
        kind === undefined || filter.allAsked !== undefined || kindsAsked?.has(kind) || isTold || isKnownFile,
        `${why()} on ${match.fdType} (${kind})`,
      );
    }
  }
}

const LITERALS = [
  ...["/etc/passwd", "/etc/shadow", "/etc/", "/etc", "/usr/lib", "/usr", "/dev/null", "/dev", "/proc/self"],
  ...[
    "/tmp",
    "/tmp/",
    ".so",
    ".so.6",
    "lib",
    "libc.so.6",
    "ld.so.cache",
    "passwd",
    "a",
    "",
    "/",
    "../",
    "//",
  ],
  ...["/usr/lib/x86_64-linux-gnu/", "locale", "/lib/", "cache", "meta", "maps", "status", "/proc/", "null"],
];
const GLOBS = [
  "/etc/*",
  "*passwd",
  "/usr/*/lib*",
  "*.so*",
  "/proc/*/st?tus",
  "*",
  "/dev/[nt]*",
  "*/etc/../*",
];

const literal = fc.constantFrom(...LITERALS).filter((text) => text !== "");
const quoted = (text: string) => JSON.stringify(text);
const list = (of: fc.Arbitrary<string>) =>
  fc.array(of, { minLength: 1, maxLength: 4 }).map((all) => `(${all.map(quoted).join(", ")})`);
const pathField = fc.constantFrom("fd.name", "fd.nameraw", "fd.directory", "fd.filename", "fd.realname");
const pathCheck = fc.oneof(
  fc.tuple(
    pathField,
    fc.constantFrom("=", "!=", "startswith", "endswith", "contains", "icontains"),
    literal.map(quoted),
  ),
  fc.tuple(pathField, fc.constant("in"), list(literal)),
  fc.tuple(pathField, fc.constant("pmatch"), list(literal)),
  fc.tuple(pathField, fc.constant("glob"), fc.constantFrom(...GLOBS).map(quoted)),
).map((words) => words.join(" "));
const otherCheck = fc.constantFrom(
  ...[
    "evt.is_open_read = true",
    "evt.is_open_write = true",
    "evt.is_open_exec = true",
    "evt.is_open_create = true",
  ],
  ...["evt.is_open_read = false", "evt.is_open_write = false", "evt.is_open_create = false"],
  ...[
    "evt.failed = true",
    "evt.rawres >= 0",
    "fd.typechar = f",
    "fd.type = file",
    "fd.num >= 0",
    "fd.num < 3",
  ],
  ...[
    "fd.type in (ipv4, ipv6)",
    "fd.typechar in (4, 6)",
    "fd.sport > 0",
    "proc.name = cat",
    "proc.name exists",
  ],
  ...[
    "fd.name exists",
    "fd.l4proto = tcp",
    "fd.l4proto != tcp",
    "fd.l4proto exists",
    "fd.sockfamily = unix",
    "fd.type = pipe",
    "fd.type != unix",
    "fd.typechar in (u, p)",
    "fd.typechar = o",
    "fd.type in (eventpoll, event)",
    "fd.connected = false",
    "fd.name_changed = true",
    "fd.cip exists",
    "fd.num = -1",
    "evt.arg.domain contains AF_UNIX",
    "evt.arg.domain contains AF_PACKET",
    "evt.res startswith E",
    "evt.rawres in (0, 1, 2)",
    "evt.rawres < 0",
    "evt.failed = false",
    "proc.stdin.type = pipe",
    "evt.res = SUCCESS",
    "evt.args contains /etc",
    "evt.arg.flags contains O_",
  ],
);
const types = fc.constantFrom(
  ...[
    "open",
    "openat",
    "openat2",
    "close",
    "dup2",
    "dup3",
    "dup",
    "fcntl",
    "connect",
    "read",
    "write",
    "fchmod",
    "socket",
    "socketpair",
    "accept4",
    "bind",
    "listen",
    "shutdown",
    "getsockopt",
    "setsockopt",
    "sendto",
    "recvfrom",
    "sendmsg",
    "recvmsg",
    "pipe2",
    "eventfd2",
    "epoll_create1",
    "execve",
    "prlimit",
    "unlink",
  ],
);
const typeCheck = fc.oneof(
  fc.array(types, { minLength: 1, maxLength: 3 }).map((all) => `evt.type in (${all.join(", ")})`),
  fc.constant("evt.type in (open, openat)"),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: pathCheck },
    { weight: 2, arbitrary: otherCheck },
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} and ${b})`),
    fc.tuple(tie("condition"), tie("condition")).map(([a, b]) => `(${a} or ${b})`),
    tie("condition").map((a) => `(not ${a})`),
  ),
}));
const conditionWithType = fc.tuple(typeCheck, condition).map(([types, rest]) => `${types} and ${rest}`);

const ON_FILES = ["write", "read", "pread", "pwrite", "readv", "writev", "close"];
const conditionOnFiles = fc.tuple(
  fc.subarray(ON_FILES, { minLength: 1 }).map((all) => `evt.type in (${all.join(", ")})`),
  pathCheck,
  fc.oneof({ weight: 3, arbitrary: fc.constant("") }, {
    weight: 1,
    arbitrary: condition.map((rest) => ` and ${rest}`),
  }),
).map(([types, path, rest]) => `${types} and ${path}${rest}`);
const SEEDS = 27;
const RULES = 100;

Deno.test(`${SEEDS * RULES} random rules over the recordings: what a rule matches is reported`, () => {
  let matches = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const conditions = fc.sample(conditionWithType, { numRuns: RULES, seed });
    const rules = filteredRules(conditions);
    const recording = gunzipSync(
      Deno.readFileSync(recordingPath(RECORDING_NAMES[seed % RECORDING_NAMES.length]!)),
    );
    replay(recording, rules, (match) => {
      matches++;
      check(match, conditions, rules);
    });
  }
  assert.ok(matches > 1_000, `${matches} matches`);
});

Deno.test(`${SEEDS * RULES} random rules on reads, writes and closes of files by their path: what a rule matches is reported`, () => {
  let [matches, byPath] = [0, 0];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const conditions = fc.sample(conditionOnFiles, { numRuns: RULES, seed });
    const rules = filteredRules(conditions);
    const recording = gunzipSync(
      Deno.readFileSync(recordingPath(RECORDING_NAMES[seed % RECORDING_NAMES.length]!)),
    );
    const ofPaths = new Set(
      rules.filters.flatMap(({ opens }, at) => opens !== undefined && opens.keys.length > 0 ? [at] : []),
    );
    byPath += ofPaths.size;
    replay(recording, rules, (match) => {
      if (ofPaths.has(match.rule)) matches++;
      check(match, conditions, rules);
    });
  }
  assert.ok(byPath > SEEDS * RULES / 4, `${byPath} rules that ask for files by their path`);
  assert.ok(matches > 1_000, `${matches} matches of such rules`);
});

Deno.test("a rule that matches a close or a copy of a file itself has them all reported, also when it asks nothing of the fd", () => {
  const asking = ["evt.type = close", "evt.type = dup", "evt.type in (open, close)", "proc.name = cat"];
  const sparing = ["evt.type = close and fd.type in (ipv4, ipv6)", "evt.type = open"];
  const filterOf = (condition: string) => {
    const text =
      `- rule: r\n  desc: d\n  condition: ${condition}\n  output: "%proc.name"\n  priority: info\n`;
    const { rules } = loadRules([makeSource("r.yaml", text)]);
    return kernelFilter(lower(rules, "all"), ["r"]);
  };
  assert.deepEqual(asking.filter((condition) => filterOf(condition).opens !== undefined), []);
  assert.deepEqual(sparing.filter((condition) => filterOf(condition).opens === undefined), []);
});
