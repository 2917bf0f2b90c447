// Rules about any JSON: values of fields, times, hostile texts.

import { deepEqual, equal, throws } from "node:assert/strict";
import { hostName } from "../../ffi/host_name.ts";
import { makeSource } from "../../rules/text/source.ts";
import { timeNsOf } from "../../sources/json/time_value.ts";
import { JsonEvaluator, texts } from "./json_evaluator.ts";

function evaluate(condition: string, output: string, source = "cloudtrail", layout = {}): JsonEvaluator {
  const text = `
- rule: found
  desc: d
  condition: ${condition}
  output: ${output}
  priority: NOTICE
  source: ${source}
`;
  const evaluate = new JsonEvaluator([makeSource("rules.yaml", text)], source, layout);
  deepEqual(evaluate.problems, []);
  return evaluate;
}

Deno.test("a rule for a source of the user's reads values by pointer", () => {
  const rules = evaluate(
    "json.value[/user/name] startswith al and json.value[/n] in (1, 2.50) and jevt.value[/list/1] = true",
    '"%json.value[/user] %json.value[/none] %evt.source %evt.num %jevt.rawtime %evt.rawtime %json.value[/n]"',
    "cloudtrail",
    { time: "/at", items: "/Records" },
  );
  const event =
    '{ "user": {"name": "alice", "id": 90071992547409931}, "n": 2.50, "list": [0, true], "at": 1769847330 }';
  const [alert] = rules.evaluate(`{"Records": [${event}, {"user": {"name": "bob"}}]}`);
  deepEqual(texts(alert!.values).map((value) => typeof value === "bigint" ? String(value) : value), [
    '{"name":"alice","id":90071992547409931}',
    null,
    "cloudtrail",
    "1",
    "1769847330000000000",
    "1769847330000000000",
    "2.50",
  ]);
});

Deno.test("json.obj has a line for each value, as Falco's plugin prints it", () => {
  const [alert] = evaluate("json.value[/a] exists", '"%json.obj"').evaluate('{"a":[1,{}],"b":"x y"}');
  deepEqual(texts(alert!.values), ['{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x y"\n}']);
});

Deno.test("a check on a value that is not there is false, whatever the operator", () => {
  for (const operator of ["= x", "!= x", "contains x", "exists", "in (x)", "startswith x"]) {
    deepEqual(evaluate(`json.value[/gone] ${operator}`, "x").evaluate('{"a":1}'), [], operator);
  }
});

Deno.test("escapes, surrogates and malformed UTF-8 are compared by their meaning and never fail", () => {
  const rules = evaluate('json.value[/a] contains "é"', '"%json.value[/a]"');
  equal(rules.evaluate('{"a":"caf\\u00e9 \\ud83d\\ude00 \\ud800 \\u0000"}').length, 1);
  const bytes = new TextEncoder().encode('{"a":"é ?"}');
  bytes[bytes.indexOf(0x3f)] = 0xff;
  equal(rules.evaluate(bytes).length, 1);
});

Deno.test("json.obj of an event that would fill the memory with blanks is the event as it is written", () => {
  const rules = evaluate("json.value[/a] exists", '"%json.obj"');
  const deep = `{"a":${"[".repeat(250)}${"1,".repeat(30_000)}1${"]".repeat(250)}}`;
  const [alert] = rules.evaluate(deep);
  deepEqual(texts(alert!.values), [deep]);
});

Deno.test("fields of system calls do not belong to such a source, and json.* has no value there", () => {
  const text =
    "- {rule: r, desc: d, condition: proc.name = x, output: o, priority: INFO, source: cloudtrail}\n";
  equal(new JsonEvaluator([makeSource("r.yaml", text)], "cloudtrail").problems.length, 1);
});

Deno.test("an event that is not JSON does not get as far as the matcher", () => {
  throws(
    () => evaluate("json.value[/a] exists", "x").engine.evaluate(new TextEncoder().encode("{"), 1n),
    SyntaxError,
  );
});

Deno.test("times: RFC 3339 with nanoseconds and zones, numbers of any unit", () => {
  const cases: [string, bigint | undefined][] = [
    ["2026-01-31T08:15:30.123456789Z", 1769847330123456789n],
    ["2026-01-31T09:15:30.5+01:00", 1769847330500000000n],
    ["2026-01-31 08:15:30", 1769847330000000000n],
    ["1769847330.25", 1769847330250000000n],
    ["1769847330123", 1769847330123000000n],
    ["1769847330123456", 1769847330123456000n],
    ["1769847330123456789", 1769847330123456789n],
    ["yesterday", undefined],
    ["2026-13-31T08:15:30Z", undefined],
    ["99999999999999999999", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of cases) equal(timeNsOf(text), expected, text);
});

Deno.test("long texts and long lists hide nothing behind them, and an alert always holds all its values", () => {
  const rules = evaluate(
    "json.value[/last] = x",
    '"%json.value[/text] %json.value[/list] %json.obj %json.value[/last]"',
  );
  const text = `"${"a".repeat(3_000_000)}"`, list = `[${"1,".repeat(500_000)}1]`;
  const [alert] = rules.evaluate(`{"text":${text},"list":${list},"last":"x"}`);
  equal(alert!.values.length, 4);
  equal(texts(alert!.values).at(-1), "x");
});

Deno.test("evt.hostname is the host that receives the events", () => {
  const rules = evaluate("evt.hostname exists", '"%evt.hostname"');
  const [alert] = rules.evaluate('{"a": 1}');
  deepEqual(texts(alert!.values), [hostName()]);
});
