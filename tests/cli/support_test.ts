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

Deno.test("--support works with settings that are wrong, and says what is", async () => {
  const { code, stdout, stderr } = await falco(
    "--support",
    "-o",
    "json_include_tags=true",
    "-r",
    "/nowhere.yaml",
  );
  equal(code, 0);
  match(stderr, /^Error: .*unknown setting json_include_tags; did you mean `json_include_tags_property`\?$/m);
  match(JSON.parse(stdout).config, /^json_output: false$/m);
  match(JSON.parse(stdout).rules_files[0].variants[0].error, /no such file/);
});

Deno.test("--support works with rules that are wrong, since those may be the question", () =>
  withRules("- rule: broken\n", async (path) => {
    const { code, stdout } = await falco("--support", "-r", path);
    equal(code, 0);
    equal(JSON.parse(stdout).rules_files[0].variants[0].content, "- rule: broken\n");
  }));
