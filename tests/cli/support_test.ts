// `falco --support` as a user runs it.

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { falco, GOOD_RULE, withRules } from "./falco_command.ts";

Deno.test("--support prints one line of JSON with configuration and rules, without secrets", () =>
  withRules(GOOD_RULE, async (path) => {
    const { code, stdout } = await falco(
      "--support",
      "-r",
      path,
      "-o",
      "http_output.headers={Authorization: Bearer abcdefgh12345}",
      "-o",
      "json_output=true",
    );
    equal(code, 0);
    const document = JSON.parse(stdout);
    deepEqual(document.rules_files, [{ name: path, variants: [{ content: GOOD_RULE }] }]);
    match(document.config, /^json_output: true$/m);
    match(document.cmdline, /^falco --support -r /);
    doesNotMatch(stdout, /abcdefgh12345/);
  }));

Deno.test("--support works with rules that are wrong, since those may be the question", () =>
  withRules("- rule: broken\n", async (path) => {
    const { code, stdout } = await falco("--support", "-r", path);
    equal(code, 0);
    equal(JSON.parse(stdout).rules_files[0].variants[0].content, "- rule: broken\n");
  }));
