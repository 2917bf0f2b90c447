import assert from "node:assert/strict";
import { falco, GOOD_RULE, STACK_TRACE, withRules } from "../falco_command.ts";

const BAD_RULE = `# a rule with a mistake

- rule: Bad
  desc: a test
  priority: INFO
  condition: proc.nam = bash and evt.type = execve
  output: x
`;

interface Position {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

interface Finding {
  readonly code: string;
  readonly codedesc: string;
  readonly message: string;
  readonly deprecated_field?: string;
  readonly context: {
    readonly locations: readonly {
      readonly item_type: string;
      readonly item_name: string;
      readonly position: Position;
    }[];
    readonly snippet: string;
  };
}

interface Result {
  readonly name: string;
  readonly successful: boolean;
  readonly schema_valid: boolean;
  readonly schema_warnings: readonly string[];
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

async function validateJson(...args: readonly string[]): Promise<{ code: number; results: Result[] }> {
  const { code, stdout } = await falco("-o", "json_output=true", ...args);
  assert.equal(stdout.split("\n").length, 2, "one line");
  return { code, results: JSON.parse(stdout).falco_load_results };
}

Deno.test("-V of a good file prints its name and Ok", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("-V", path);
    assert.deepEqual([code, stdout], [0, `${path}: Ok\n`]);
    assert.doesNotMatch(stderr, /Error/);
  });
});

Deno.test("-V of a bad file prints Falco's text, again on standard error, and ends with 1", async () => {
  await withRules(BAD_RULE, async (path) => {
    const { code, stdout, stderr } = await falco("-V", path);
    const expected = `${path}: Invalid
1 Errors:
In rules content: (${path}:0:0)
    rule 'Bad': (${path}:2:2)
    rule condition: (${path}:5:13)
    condition expression: ("proc.nam = bash a...":6:14)
------
proc.nam = bash and evt.type = execve
^
------
LOAD_ERR_COMPILE_CONDITION (Error compiling condition): filter_check called with nonexistent field proc.nam
`;
    assert.deepEqual([code, stdout], [1, `${expected}\n`]);
    assert.ok(stderr.endsWith(`Error: ${expected}\n`), stderr);
    assert.doesNotMatch(stderr, STACK_TRACE);
  });
});

Deno.test("-V with json_output prints one line of JSON with the same", async () => {
  await withRules(BAD_RULE, async (path) => {
    const { code, results } = await validateJson("-V", path);
    const [result] = results;
    assert.deepEqual([code, result?.name, result?.successful, result?.warnings], [1, path, false, []]);
    assert.deepEqual([result?.schema_valid, result?.schema_warnings], [true, []]);
    const [error] = result!.errors;
    assert.deepEqual([error?.code, error?.codedesc], [
      "LOAD_ERR_COMPILE_CONDITION",
      "Error compiling condition",
    ]);
    assert.deepEqual(
      error?.context.locations.map((
        { item_type, item_name, position },
      ) => [item_type, item_name, position.line, position.column, position.offset]),
      [
        ["rules content", "", 0, 0, 0],
        ["rule", "Bad", 2, 2, 27],
        ["rule condition", "", 5, 13, BAD_RULE.indexOf("proc.nam")],
        ["condition expression", "", 6, 14, BAD_RULE.indexOf("proc.nam")],
      ],
    );
    assert.equal(error?.context.snippet, "proc.nam = bash and evt.type = execve\n^\n");
  });
});

Deno.test("-V of a configuration says how one is checked, but in JSON", async () => {
  await withRules("rules_files: [/etc/falco/falco_rules.yaml]\n", async (path) => {
    const { code, stdout, stderr } = await falco("-V", path);
    assert.equal(code, 1);
    for (const said of [stdout, stderr]) assert.match(said, /falco -c FILE --dry-run/);
    const { results } = await validateJson("-V", path);
    assert.equal(results[0]?.successful, false);
  });
});

Deno.test("-V: warnings leave a file valid; their text goes to the log", async () => {
  const text = `${GOOD_RULE}- list: unused\n  items: [a]\n`;
  await withRules(text, async (path) => {
    const { code, stdout, stderr } = await falco("-V", path);
    assert.deepEqual([code, stdout], [0, `${path}: Ok, with warnings\n`]);
    assert.match(
      stderr,
      /Warning +LOAD_UNUSED_LIST \(Unused list\): No rule, macro or list uses this list/,
    );
    const { results } = await validateJson("-V", path);
    const [warning] = results[0]!.warnings;
    assert.deepEqual([results[0]!.successful, warning?.code], [true, "LOAD_UNUSED_LIST"]);
    assert.notEqual(warning?.codedesc, "Unused list");
    assert.deepEqual(warning?.context.locations.at(-1)?.item_name, "unused");
  });
});

Deno.test("-V: what only falco check warns of is not in Falco's form", async () => {
  const text = GOOD_RULE +
    GOOD_RULE.replace("Shadow", "Second").replace("condition: ", "condition: proc.name = x and ");
  await withRules(text, async (path) => {
    assert.equal((await falco("-V", path)).stdout, `${path}: Ok\n`);
    assert.match((await falco("check", path)).stdout, /shadowed-rule/);
  });
});

Deno.test("-V of several files: each has its block, later ones see earlier ones", async () => {
  await withRules("- macro: early\n  condition: proc.name = a\n", async (first) => {
    await withRules(GOOD_RULE.replace("evt.type in", "early and evt.type in"), async (second) => {
      await withRules(BAD_RULE, async (third) => {
        const { code, stdout } = await falco("-V", first, "-V", second, "--validate", third);
        assert.equal(code, 1);
        assert.ok(stdout.startsWith(`${first}: Ok\n${second}: Ok\n${third}: Invalid\n1 Errors:\n`), stdout);
      });
    });
  });
});

const EXPECTED: readonly (readonly [yaml: string, code: string, message: RegExp, itemType: string])[] = [
  ["- rule: A\n", "LOAD_ERR_YAML_VALIDATE", /^Item has no mapping for key 'enabled'$/, "rule"],
  ["- list: a\n", "LOAD_ERR_YAML_VALIDATE", /^Item has no mapping for key 'items'$/, "list"],
  ["- macro: a\n  condition:\n", "LOAD_ERR_YAML_VALIDATE", /^Mapping for key 'condition' is empty$/, "macro"],
  ["- macro: a\n  condition: ''\n", "LOAD_ERR_YAML_VALIDATE", /^Value must be non-empty$/, "value for"],
  ["rule: a\n", "LOAD_ERR_YAML_VALIDATE", /^Rules content is not yaml array of objects$/, "rules content"],
  [GOOD_RULE.replace("WARNING", "LOUD"), "LOAD_ERR_YAML_VALIDATE", /^Invalid priority$/, "rule priority"],
  [
    GOOD_RULE.replace("evt.type in", "unknown_macro and evt.type in"),
    "LOAD_ERR_VALIDATE",
    /^Undefined macro 'unknown_macro' used in filter\.$/,
    "condition expression",
  ],
  [
    GOOD_RULE.replace("open,", "opn,"),
    "LOAD_ERR_COMPILE_CONDITION",
    /^unknown event type opn$/,
    "condition expression",
  ],
  [
    GOOD_RULE.replace("%fd.name", "%fd.nam"),
    "LOAD_ERR_COMPILE_OUTPUT",
    /^invalid formatting token fd\.nam$/,
    "rule output",
  ],
  [
    `${GOOD_RULE}- rule: Shadow file opened\n  priority: INFO\n  override: {priority: replace, desc: append}\n`,
    "LOAD_ERR_YAML_VALIDATE",
    /^An append override for 'desc' was specified but 'desc' is not defined$/,
    "overrides",
  ],
  [
    `${GOOD_RULE}- rule: Shadow file opened\n  priority: INFO\n  desc: x\n  override: {priority: replace}\n`,
    "LOAD_ERR_YAML_VALIDATE",
    /^Unexpected key 'desc': no corresponding entry under 'override' is defined\.$/,
    "overrides",
  ],
  ["- list: a\n  items: [b\n", "LOAD_ERR_YAML_PARSE", /closing/, "value for"],
];

for (const [yaml, code, message, itemType] of EXPECTED) {
  Deno.test(`-V names ${message.source} as Falco does`, async () => {
    await withRules(yaml, async (path) => {
      const { results } = await validateJson("-V", path);
      const [error] = results[0]!.errors;
      assert.equal(error?.code, code);
      assert.match(error.message, message);
      assert.equal(error.context.locations.at(-1)?.item_type, itemType);
    });
  });
}

Deno.test("-V: schema_valid and its warnings are the schema's, whatever else is wrong", async () => {
  await withRules(GOOD_RULE.replace("priority:", "prio: x\n  priority:"), async (path) => {
    const { results: [result] } = await validateJson("-V", path);
    assert.equal(result?.successful, true);
    assert.deepEqual([result.schema_valid, result.schema_warnings.length], [false, 1]);
    assert.match(result.schema_warnings[0]!, /^failed for <root>\[0\]: .*'prio'$/);
    const { stdout, stderr } = await falco("-V", path);
    assert.equal(stdout, `${path}: Ok, with warnings\n`);
    assert.match(stderr, /1 Schema warnings:/);
  });
  // To what is no YAML the schema says nothing.
  await withRules("- list: a\n  items: [b\n", async (path) => {
    const { results: [result] } = await validateJson("-V", path);
    assert.deepEqual([result?.schema_valid, result?.schema_warnings], [undefined, undefined]);
  });
});

Deno.test("-V: a rule of an unknown source is a warning, one for each, and nothing else of it is looked at", async () => {
  const rules = `
- list: apps
  items: [a, b]
- macro: signed_in
  condition: evt.num > 0
- rule: A
  desc: d
  condition: signed_in and undefined_macro and okta.app in (apps)
  output: o %okta.nothing
  priority: INFO
  source: okta
- rule: B
  desc: d
  condition: okta.app = b or
  output: o
  priority: INFO
  source: okta
`;
  await withRules(rules, async (path) => {
    const { code, results: [result] } = await validateJson("-V", path);
    assert.deepEqual([code, result?.errors, result?.schema_valid], [0, [], true]);
    const found = result!.warnings.map(({ code, context }) => [code, context.locations.at(-1)?.item_name]);
    assert.deepEqual(found, [["LOAD_UNKNOWN_SOURCE", "A"], ["LOAD_UNKNOWN_SOURCE", "B"]]);
    assert.equal(result!.warnings[0]!.message, "Unknown source okta, skipping");
  });
});

Deno.test("-V names the deprecated field", async () => {
  await withRules(GOOD_RULE.replace("evt.type in", "evt.dir = < and evt.type in"), async (path) => {
    const { code, results } = await validateJson("-V", path);
    assert.equal(code, 0);
    assert.deepEqual(results[0]!.warnings.map(({ code, deprecated_field }) => [code, deprecated_field]), [
      ["LOAD_DEPRECATED_ITEM", "evt.dir"],
    ]);
  });
});

Deno.test("-V of a file that is missing is a clear error", async () => {
  const { code, stdout, stderr } = await falco("-V", "/nowhere/rules.yaml");
  assert.deepEqual([code, stdout], [1, ""]);
  assert.match(
    stderr,
    /^Error: Could not read the rules file \/nowhere\/rules\.yaml: there is no such file\n$/,
  );
});

Deno.test("-V with -L describes the rules too, when they are valid", async () => {
  await withRules(GOOD_RULE, async (path) => {
    const { stdout } = await falco("-V", path, "-L", "-o", "json_output=true");
    const { falco_load_results, falco_describe_results } = JSON.parse(stdout);
    assert.equal(falco_load_results[0].successful, true);
    assert.equal(falco_describe_results.rules[0].info.name, "Shadow file opened");
  });
  await withRules(BAD_RULE, async (path) => {
    const { stdout } = await falco("-V", path, "-L", "-o", "json_output=true");
    assert.deepEqual(Object.keys(JSON.parse(stdout)), ["falco_load_results"]);
  });
});
