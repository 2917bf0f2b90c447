import { deepEqual, equal } from "node:assert/strict";
import { createAlertFormatter } from "../../alerts/alert_formatter.ts";
import { alert, int, MISSING, outputField, rule, STYLE, template, text } from "../outputs/samples.ts";

const JSON_STYLE = { ...STYLE, json: true, isoTime: true };
const TIME_NS = 1_795_299_136_256_366_934n;

Deno.test("keys are sorted, numbers keep their digits, a missing value is null, tags are sorted and unique", () => {
  const output = template("n=%evt.num u=%user.name t=%proc.tty a=%proc.aname[2]");
  const line = createAlertFormatter(
    [rule(output, { name: 'Quote "r"', tags: ["shell", "T1059", "container", "shell"] })],
    { ...JSON_STYLE, isoTime: false, includeOutput: false },
  )(alert([int(9_007_199_254_740_993n), text("root"), MISSING, text("sh")], TIME_NS));
  equal(
    line,
    '{"hostname":"node1","output_fields":{"evt.num":9007199254740993,"evt.time":1795299136256366934,' +
      '"proc.aname[2]":"sh","proc.tty":null,"user.name":"root"},"priority":"Warning","rule":"Quote \\"r\\"",' +
      '"source":"syscall","tags":["T1059","container","shell"],"time":"2026-11-21T22:12:16.256366934Z"}',
  );
});

Deno.test("each part can be left out; message is the output without its prefix", () => {
  const rules = [rule(template("user=%user.name"))];
  const values = alert([text("root")], TIME_NS);
  const keys = (style: Partial<typeof STYLE>) =>
    Object.keys(JSON.parse(createAlertFormatter(rules, { ...JSON_STYLE, ...style })(values)));
  deepEqual(keys({}), ["hostname", "output", "output_fields", "priority", "rule", "source", "tags", "time"]);
  deepEqual(
    keys({ includeOutput: false, includeOutputFields: false, includeTags: false, includeMessage: true }),
    ["hostname", "message", "priority", "rule", "source", "time"],
  );
  const full = JSON.parse(createAlertFormatter(rules, { ...JSON_STYLE, includeMessage: true })(values));
  equal(full.message, "user=root");
  equal(full.output, "2026-11-21T22:12:16.256366934+0000: Warning user=root");
  deepEqual(Object.keys(full.output_fields), ["evt.time.iso8601", "user.name"]);
});

Deno.test("values of every kind have their JSON type", () => {
  const hex = outputField("evt.flags", { format: "hex" });
  const fields = [hex, ...["a", "b", "c", "d", "e", "f"].map((key) => outputField(key))];
  const line = createAlertFormatter([rule({ fields, parts: [] })], JSON_STYLE)(alert([
    int(255n),
    { kind: "bool", value: true },
    { kind: "uint", value: 18_446_744_073_709_551_615n },
    { kind: "list", value: [int(1n), text("x\n")] },
    { kind: "ip", value: new Uint8Array([127, 0, 0, 1]) },
    { kind: "time", value: 7n },
    { kind: "bytes", value: new Uint8Array([65, 0]) },
  ]));
  const from = line.indexOf('"output_fields":') + '"output_fields":'.length;
  equal(
    line.slice(from, line.indexOf("}", from) + 1),
    '{"a":true,"b":18446744073709551615,"c":[1,"x\\n"],"d":"127.0.0.1","e":7,"evt.flags":"FF",' +
      '"evt.time.iso8601":0,"f":"A."}',
  );
});

Deno.test("hostile values give one line of valid JSON", () => {
  const hostile = '"},{"rule":"x"}\n\u0000\u2028\\\ud800\u009b';
  const line = createAlertFormatter([rule(template("%proc.name"))], JSON_STYLE)(alert([text(hostile)]));
  equal(line.split("\n").length, 1);
  equal(JSON.parse(line).output_fields["proc.name"], hostile.toWellFormed());
});
