// Which programs a command of the shell names, and what is missing of them.

import { deepEqual, equal } from "node:assert/strict";
import { commandWords } from "../../../outputs/sinks/command_words.ts";
import { missingProgram } from "../../../outputs/sinks/missing_program.ts";

const COMMANDS: readonly (readonly [command: string, words: string[]])[] = [
  ["jq '{text: .output}' | curl -d @- -X POST https://hooks.slack.com/services/T0/B0/0", ["jq", "curl"]],
  ["/usr/bin/logger -t falco", ["/usr/bin/logger"]],
  ["A=1 B='x y' mail -s x@example.org", ["mail"]],
  ['cat >> "/var/log/a|b.log"', ["cat"]],
  ["cat > /dev/null 2>&1; sync", ["cat", "sync"]],
  ["cd /tmp && tee x", ["tee"]],
  ["exec <&-; exec sleep 100", []],
  ["yes & yes >&2 & cat > /dev/null", ["yes", "yes", "cat"]],
  ["while read line; do curl $line; done", []],
  ["(cat; true) | tee x", []],
  ["$PROGRAM -x | tee y", ["tee"]],
  ["`which jq` .", []],
  ["", []],
];

for (const [command, words] of COMMANDS) {
  Deno.test(`programs of ${JSON.stringify(command)}: ${words.join(", ") || "none that can be told"}`, () => {
    deepEqual(commandWords(command), words);
  });
}

Deno.test("a program that is not there is named; what is there, and what cannot be told, is fine", async () => {
  equal(await missingProgram("cat | no-such-curl -d @-"), "there is no program no-such-curl");
  equal(await missingProgram("/nowhere/notify"), "there is no program /nowhere/notify");
  equal(await missingProgram("/etc/passwd"), "there is no program /etc/passwd");
  equal(await missingProgram("cat > /dev/null"), undefined);
  equal(await missingProgram("while read line; do no-such-curl; done"), undefined);
});
