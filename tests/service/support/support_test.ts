import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { parse } from "yaml";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { configText } from "../../../service/support/support_config.ts";
import { supportDocument } from "../../../service/support/support.ts";
import { maskText, maskValue } from "../../../service/support/support_secrets.ts";

Deno.test("support: the document has Falco's keys; rules files come with their content", () => {
  const path = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeTextFileSync(path, "- list: x\n  items: []\n");
    const document = supportDocument({
      settings: defaultSettings(),
      rulesFiles: [{ name: path }, { name: "/nonexistent/rules.yaml" }],
      args: ["--support", "-o", "json_output=true"],
    });
    deepEqual(Object.keys(document).sort(), [
      "cmdline",
      "config",
      "engine_info",
      "rules_files",
      "system_info",
      "version",
    ]);
    equal(document["cmdline"], "falco --support -o json_output=true");
    const [readable, missing] = document["rules_files"] as {
      name: string;
      variants: Record<string, string>[];
    }[];
    deepEqual(readable, { name: path, variants: [{ content: "- list: x\n  items: []\n" }] });
    match(missing!.variants[0]!["error"]!, /no such file/);
    const { sysname, release } = document["system_info"] as Record<string, string>;
    equal(sysname, "Linux");
    equal(release, Deno.osRelease());
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("support: the configuration is a falco.yaml with every key as a file would say it", () => {
  const tree = parse(configText({ ...defaultSettings(), json_output: true, "metrics.interval": 90_000 }));
  equal(tree.json_output, true);
  equal(tree.metrics.interval, "1m30s");
  deepEqual(tree.syscall_event_drops.actions, ["log", "alert"]);
});

Deno.test("support: no secret leaves, wherever the configuration holds it", () => {
  const settings = {
    ...defaultSettings(),
    "http_output.url": "https://bob:SECRET1@example.org/hook?token=SECRET2&x=1",
    "http_output.headers": { "X-Any": "SECRET3" },
    "program_output.program":
      "curl -H 'Authorization: Bearer SECRET4' -d @- https://example.org?api_key=SECRET5",
    "static_fields": { api_token: "SECRET6" },
    "plugins": [{
      name: "x",
      library_path: "x",
      init_config: { deep: [{ db_password: "SECRET7" }], text: '{"clientSecret": "SECRET8"}' },
    }],
    "sinks": [{ type: "nats", servers: ["nats://h"], password: "SECRET9" }],
  } as unknown as Settings;
  const text = configText(settings);
  doesNotMatch(text, /SECRET/);
  match(text, /example\.org\/hook\?token=\*\*\*&x=1/);
});

Deno.test("support: secrets on the command line are masked, and nothing else", () => {
  const cases: [string, string][] = [
    ["http_output.url=https://u:p@host/x", "http_output.url=https://***@host/x"],
    ["sinks[0].password=abc", "sinks[0].password=***"],
    ['sinks[]={type: nats, token: "a b", servers: x}', "sinks[]={type: nats, token: ***, servers: x}"],
    ["webserver.bearer_token_file=/etc/falco/token", "webserver.bearer_token_file=/etc/falco/token"],
    ["rules_files[]=/etc/falco/a@b.yaml", "rules_files[]=/etc/falco/a@b.yaml"],
    ["program=curl -u bob:pw -d @- http://h", "program=curl -u *** -d @- http://h"],
    ["url=https://hooks.slack.com/services/T0/B0/xyz", "url=https://hooks.slack.com/***"],
    ["-r", "-r"],
  ];
  for (const [given, shown] of cases) equal(maskText(given), shown);
});

Deno.test("support: an empty secret is shown as empty, since its absence may be the mistake", () => {
  deepEqual(maskValue({ password: "", token: "x", token_file: "/t", tokens: 3 }), {
    password: "",
    token: "***",
    token_file: "/t",
    tokens: 3,
  });
  ok(configText(defaultSettings()).length > 1000);
});
