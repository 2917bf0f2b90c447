// Files that the filter leaves out, and what happens to their fds after all: calls that name a file by its fd alone say which it
// is, and an open whose text another thread changes meanwhile is reported or counted as left out, never neither nor both.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { CProgram } from "./c_program.ts";
import { valueOf } from "./event_values.ts";
import { liveSkipReason, record, type Recording, type SeenEvent } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";
const ROUNDS = 20_000;

/** What was reported of the program, which says on standard output what it did. */
interface Run {
  readonly seen: Recording;
  readonly tid: bigint;
  readonly said: string;
}

/** @param wanted the one file of the folder whose opens a rule matches */
async function run(wanted: string, argsOf: (folder: string) => readonly string[]): Promise<Run> {
  const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
  try {
    for (const name of ["wanted", "spared"]) await Deno.writeTextFile(`${folder}/${name}`, "");
    const program = await CProgram.compile(folder, "filtered_fds");
    const condition = `evt.type in (open, openat) and fd.name = ${folder}/${wanted}`;
    const { rules } = loadRules([makeSource(
      "r.yaml",
      `- rule: r\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: info\n`,
    )]);
    const { filter } = compileRules(rules, { matching: "all" });
    let [tid, said] = [0n, ""];
    const seen = await record({
      exitCalls: ["open", "openat", "close", "linkat", "fchownat"],
      enterCalls: ["open", "openat"],
      filter,
    }, async () => {
      ({ tid, said } = await program.run(...argsOf(folder)));
    });
    return { seen, tid, said };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name:
    `linkat and fchownat of an fd alone: before them comes what it refers to, and its close is reported${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    const { seen, tid } = await run(
      "wanted",
      (folder) => ["empty-path", `${folder}/spared`, `${folder}/link`],
    );
    const own = seen.events.filter((event) => event.tid === tid);
    const named = (name: string) => own.filter(({ def }) => def.name === name);
    assert.ok(!named("openat").some((event) => String(valueOf(event, "name")).endsWith("/spared")));
    const [link] = named("linkat");
    const [owner] = named("fchownat");
    assert.ok(link !== undefined && owner !== undefined);
    const told = seen.records.filter((one) => BigInt(one.tid) === tid);
    assert.equal(told.length, 1, "once: the second call finds it known");
    assert.ok(told[0]!.timeNs <= link.timeNs, "before the call that needs it");
    const text = told[0]!.params.map((param) => new TextDecoder().decode(param)).join("|");
    assert.match(text, /\/spared\0/);
    const fd = valueOf(link, "olddir");
    assert.ok(named("close").some((event) => event.timeNs > owner.timeNs && valueOf(event, "fd") === fd));
  },
});

Deno.test({
  name:
    `a thread that changes the text of a path: each open is reported with its close, or left out with it${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    const { seen, tid, said } = await run(
      "wanted",
      (folder) => ["racing", `${folder}/wanted`, `${folder}/spared`, String(ROUNDS)],
    );
    const dropped = Object.entries(seen.counters).filter(([name, n]) => name.startsWith("drops_") && n > 0n);
    assert.deepEqual(dropped, []);
    // the text changes byte by byte, so some opens find no file: those are reported or left out, too
    const isOfFolder = (event: SeenEvent) => /^\/.*\/[a-z]{6}$/.test(String(valueOf(event, "name")));
    const own = seen.events.filter((event) => event.tid === tid && event.def.direction === "exit");
    const first = own.findIndex((event) => event.def.name === "openat" && isOfFolder(event));
    const turns = own.slice(first).filter(({ def, ...event }) =>
      def.name === "close" || BigInt(valueOf({ def, ...event }, "fd") ?? -1n) >= 0n
    );
    const opened = turns.filter(({ def }) => def.name === "openat").length;
    assert.ok(opened > 0 && opened < Number(said), `${opened} of ${said} reported`);
    // one after the other, so a close belongs to the open before it
    turns.forEach(({ def }, at) => assert.equal(def.name, at % 2 === 0 ? "openat" : "close", `at ${at}`));
    assert.equal(turns.length % 2, 0, "the last one is closed");
  },
});
