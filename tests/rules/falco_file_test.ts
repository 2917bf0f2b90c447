// Names that are used and not loaded: where Falco defines them.

import assert from "node:assert/strict";
import { falcoFileOf, type ItemKind } from "../../rules/diagnostics/falco_file.ts";
import { FALCO_NAMES } from "../../rules/diagnostics/falco_names.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const rule = (condition: string) =>
  `- rule: own\n  desc: a test\n  condition: evt.type = execve and ${condition}\n  output: x\n  priority: INFO\n`;
const hints = (text: string) =>
  loadRules([makeSource("own.yaml", text)], { lint: true }).diagnostics.map(({ code, hint }) =>
    `${code}: ${hint}`
  );

Deno.test({
  name: `the table has every name of Falco's files${upstreamMissing ? ` (skipped: ${upstreamMissing})` : ""}`,
  ignore: upstreamMissing !== undefined,
  fn() {
    const files = Object.keys(FALCO_NAMES);
    for (const [at, file] of files.entries()) {
      const text = Deno.readTextFileSync(upstreamRules(file));
      for (const [, kind, name] of text.matchAll(/^- (rule|macro|list): (.*?)\s*$/gm)) {
        const found = falcoFileOf(kind as ItemKind, name!.replace(/^"(.*)"$/, "$1"));
        assert.ok(found !== undefined && files.indexOf(found) <= at, `${kind} ${name} of ${file}`);
      }
    }
  },
});

Deno.test("a macro, list or rule that is not loaded is named with the file of Falco's that defines it", () => {
  assert.deepEqual(hints(rule("network_tool_procs")), [
    "undefined-macro: it is defined in Falco's falco-incubating_rules.yaml, and in the falco_rules.yaml that comes with " +
    "falco: load that file before this one",
  ]);
  assert.deepEqual(hints(rule("write_etc_common")), [
    "undefined-macro: it is defined in Falco's falco-sandbox_rules.yaml: load that file before this one",
  ]);
  assert.match(
    hints(rule("proc.name in (shell_binaries)"))[0]!,
    /^unknown-list: .* falco_rules\.yaml, and in/,
  );
  assert.match(
    hints(rule("proc.name in (miner_binaries, x)"))[0]!,
    /^unknown-list: .*Falco's falco-sandbox_rules\.yaml/,
  );
  assert.match(hints(rule("fd.sport in (miner_ports)"))[0]!, /^invalid-value: .*Falco's falco-sandbox_rules/);
  const changed = "- rule: Write below etc\n  enabled: false\n  override: {enabled: replace}\n";
  assert.match(hints(changed)[0]!, /^nothing-to-append-to: .*Falco's falco-sandbox_rules\.yaml/);
  const appended = "- list: known_root_files\n  items: [x]\n  override: {items: append}\n";
  assert.match(hints(appended)[0]!, /^nothing-to-append-to: .*Falco's falco-sandbox_rules\.yaml/);
});

Deno.test("a name that Falco does not have is looked for among those that are loaded", () => {
  const found = hints(`- macro: my_program\n  condition: (proc.name = x)\n${rule("my_progam")}`);
  assert.ok(found.includes("undefined-macro: did you mean `my_program`?"), found.join());
});
