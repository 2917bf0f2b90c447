import { deepEqual, equal, match } from "node:assert/strict";
import { containerConfig } from "../../config/containers.ts";
import { ruleSettings } from "../../config/rule_settings.ts";
import { load } from "./loading.ts";

Deno.test("rules, append_output and static_fields are read in the shape of falco.yaml", () => {
  const { problems, settings, warnings } = load(`
rules:
  - disable: {rule: "*"}
  - enable: {tag: network}
append_output:
  - match: {source: syscall, tags: [a, 1], rule: R}
    extra_output: on %evt.cpu
    extra_fields: [evt.cpu, {home: "%user.name"}]
  - suggested_output: true
static_fields:
  env: prod
  number: 3
`);
  deepEqual(problems, []);
  match(warnings[0] ?? "", /append_output\[0\] matches a rule and tags: .* R alone/);
  deepEqual(ruleSettings(settings), {
    ruleSelection: [{ action: "disable", rule: "*" }, { action: "enable", tag: "network" }],
    appendOutput: [
      {
        match: { source: "syscall", tags: ["a", "1"], rule: "R" },
        extraOutput: "on %evt.cpu",
        extraFields: ["evt.cpu", { key: "home", format: "%user.name" }],
      },
      { suggestedOutput: true, extraFields: [] },
    ],
    staticFields: { env: "prod", number: "3" },
  });
});

const WRONG: [text: string, problem: RegExp][] = [
  ["rules: yes", /^f\.yaml:1:8: rules must be a mapping, not "yes"/],
  ["rules: [a]", /rules\[0\] must be a mapping, not "a"/],
  ["rules: [{enabel: {tag: x}}]", /unknown setting rules\[0\]\.enabel; did you mean `enable`/],
  ["rules: [{enable: {}}]", /rules\[0\]\.enable must have rule or tag/],
  ["rules: [{enable: {tag: x}, disable: {tag: y}}]", /rules\[0\] must have either enable or disable/],
  ["append_output: [{extra_fields: {a: b}}]", /extra_fields must be a list/],
  ["append_output: [{extra_fields: [{a: x, b: y}]}]", /one key with a format/],
  ["append_output: [{extra_fields: [[a]]}]", /one key with a format/],
  ["append_output: [{extra_fields: [evt.cpu, {evt.cpu: x}]}]", /must not name evt.cpu twice/],
  [
    "append_output: [{match: {tag: x}}]",
    /unknown setting append_output\[0\]\.match\.tag; did you mean `tags`/,
  ],
  ["static_fields: [a]", /static_fields must be a mapping, not a list/],
  ["static_fields: {a b: c}", /the name a b must be letters/],
  ["static_fields: {a: [b]}", /static_fields\.a must be a text, not a list/],
  ["plugins: [{name: x}]", /plugins\[0\] must have library_path/],
  ["plugins: [{name: x, library_path: [y]}]", /plugins\[0\]\.library_path must be a text, not a list/],
  ["plugins: [{name: x, library_path: y, open_param: z}]", /did you mean `open_params`/],
  ["load_plugins: [json]", /load_plugins names json, which `plugins` does not have/],
  ["sinks: [{url: x}]", /sinks\[0\]\.type is missing: it must be one of stdout, file/],
  ["sinks: [{type: htp}]", /sinks\[0\]\.type must be one of stdout, .*, not "htp"/],
  ["sinks: [{type: [http]}]", /sinks\[0\]\.type is missing/],
  ["sinks: [{type: http, url: 'ftp://x'}]", /sinks\[0\]\.url must be a URL that begins with http/],
  ["sinks: [{type: http, url: 'http://x', name: a b}]", /sinks\[0\]\.name must be letters, digits/],
  ["sinks: [{type: file, filename: a, url: b}]", /unknown setting sinks\[0\]\.url; .*filename/],
  [
    "sinks: [{type: file, filename: a}, {type: file, filename: b}]",
    /sinks\[1\] is called file, as sinks\[0\] is/,
  ],
  ["sinks: [{type: http}]", /sinks\[0\] must have url/],
  ["sinks: [{type: program, name: p}]", /sinks\[0\] must have program/],
  ["sinks: [{type: stdout}]", /sinks\[0\] is called stdout, as stdout_output is/],
  ["noise_control: {rules: [{rate: 3}]}", /noise_control\.rules\[0\] must have rule or tag/],
];
for (const [text, pattern] of WRONG) {
  Deno.test(`one problem with its place: ${text}`, () => {
    const { problems } = load(text);
    equal(problems.length, 1, problems.join("\n"));
    match(problems[0]!, pattern);
    match(problems[0]!, /^f\.yaml:1:\d+: /);
  });
}

Deno.test("sinks have their type's keys and defaults", () => {
  const { settings, problems } = load(`
sinks:
  - type: http
    url: http://127.0.0.1:1/
    headers: {Authorization: Bearer x}
  - {type: file, name: archive, filename: /tmp/a, format: ecs, priority: warning, spool: yes}
`);
  deepEqual(problems, []);
  const [http, file] = settings.sinks;
  equal(http?.type === "http" && http.url, "http://127.0.0.1:1/");
  deepEqual(http?.type === "http" && [http.headers, http.timeout, http.format, http.name], [
    { Authorization: "Bearer x" },
    10_000,
    "falco",
    undefined,
  ]);
  deepEqual([file?.name, file?.format, file?.priority, file?.spool], ["archive", "ecs", "warning", true]);
});

Deno.test("plugins: init_config is a mapping, JSON or a text; what is built in has its keys checked", () => {
  const { settings, problems, warnings } = load(`
load_plugins: [container, json]
plugins:
  - name: container
    library_path: libcontainer.so
    init_config: {label_max_len: 50, engines: {docker: {enabled: false, sockets: [/a]}, lxc: {enabled: true}}}
  - {name: json, library_path: libjson.so, init_config: ""}
  - {name: other, library_path: libother.so, init_config: {a: 1}}
`);
  deepEqual([problems, warnings], [[], []]);
  deepEqual(settings.plugins[0]?.init_config, {
    label_max_len: 50,
    engines: { docker: { enabled: false, sockets: ["/a"] }, lxc: { enabled: true } },
  });
  deepEqual(containerConfig(settings).initConfig, settings.plugins[0]?.init_config);

  const wrong = load(`
plugins:
  - {name: container, library_path: x, init_config: {label_max_length: 50, engines: {dokcer: {enabled: x}}}}
  - {name: container, library_path: x, init_config: '{"with_size": "big", "hooks": ["stop"]}'}
  - {name: other, library_path: libother.so}
`);
  deepEqual(wrong.problems.map((problem) => problem.replace(/;.*/, "")), [
    "f.yaml:3:54: unknown setting plugins[0].init_config.label_max_length",
    "f.yaml:3:86: unknown setting plugins[0].init_config.engines.dokcer",
    'f.yaml:4:53: plugins[1].init_config.with_size must be true or false, not "big"',
    'f.yaml:4:53: plugins[1].init_config.hooks[0] must be one of create, start, not "stop"',
  ]);
  match(wrong.warnings[0] ?? "", /^f\.yaml:5:12: plugin other is left out/);
});

Deno.test("init_config keeps the types that Falco makes of YAML", () => {
  const { settings } = load(
    "plugins: [{name: x, library_path: y, init_config: {a: 1, b: 1.5, c: true, d: '1', e: 007, f: ~, g: [x]}}]\n",
  );
  deepEqual(settings.plugins[0]?.init_config, { a: 1, b: 1.5, c: true, d: "1", e: "007", f: null, g: ["x"] });
});

Deno.test("container_engines of older files is given on", () => {
  const { settings, problems } = load(
    "container_engines: {cri: {enabled: true, sockets: [/run/x.sock]}, lxc: {enabled: false}}\n",
  );
  deepEqual(problems, []);
  const { initConfig, containerEngines } = containerConfig(settings) as {
    initConfig: unknown;
    containerEngines: Record<string, unknown>;
  };
  equal(initConfig, null);
  deepEqual([containerEngines["cri"], containerEngines["lxc"]], [
    { enabled: true, sockets: ["/run/x.sock"] },
    { enabled: false },
  ]);
});

const TOGETHER: [text: string, problem: RegExp][] = [
  ["http_output: {enabled: true}", /1:24: http_output\.enabled is true, but http_output\.url is empty/],
  ["file_output: {enabled: true, filename: ''}", /file_output\.filename is empty/],
  ["program_output: {enabled: true}", /program_output\.program is empty/],
  ["webserver: {ssl_enabled: true, ssl_certificate: ''}", /ssl_certificate is empty/],
  ["syscall_event_drops: {actions: [ignore, log]}", /ignore does not go with log/],
  ["metrics: {enabled: true}", /metrics\.enabled is true, but they go nowhere/],
];
for (const [text, pattern] of TOGETHER) {
  Deno.test(`what does not go together: ${text}`, () => {
    const { problems } = load(text);
    equal(problems.length, 1);
    match(problems[0]!, pattern);
  });
}

Deno.test("what goes together", () => {
  for (
    const text of [
      "http_output: {enabled: true, url: 'http://a'}",
      "metrics: {enabled: true, output_rule: true}",
      "metrics: {enabled: true}\nwebserver: {enabled: true, prometheus_metrics_enabled: true}",
      "syscall_event_drops: {actions: [ignore]}",
      "load_plugins: []",
    ]
  ) deepEqual(load(text).problems, [], text);
});

Deno.test("keys that Falco has dropped are warnings that say what comes instead", () => {
  const { problems, warnings } = load(`
syscall_buf_size_preset: 6
outputs: {rate: 1, max_burst: 100}
grpc: {enabled: true}
engine: {kind: ebpf, ebpf: {probe: x}}
webserver: {k8s_audit_endpoint: /k8s}
`);
  deepEqual(problems, []);
  deepEqual(warnings.map((warning) => warning.split(";")[0]), [
    "f.yaml:2:1: syscall_buf_size_preset is no longer a setting: say engine.modern_ebpf.buf_size_preset",
    "f.yaml:3:1: outputs is no longer a setting: say noise_control.rate_limit.rate and noise_control.rate_limit.max_burst",
    "f.yaml:4:1: grpc is no longer a setting: the gRPC server is gone from Falco 0.44",
    "f.yaml:5:16: engine.kind: ebpf: the older eBPF probe is gone from Falco 0.44: the present one is used",
    "f.yaml:5:22: engine.ebpf is no longer a setting: the older eBPF probe is gone from Falco 0.44",
    "f.yaml:6:13: webserver.k8s_audit_endpoint is no longer a setting: Kubernetes audit events are a plugin's: `plugins` with name: k8saudit",
  ]);
});

Deno.test("keys that Falco has dropped are no warning where they ask for nothing", () => {
  const { problems, warnings } = load(`
syscall_buf_size_preset: 4
syscall_drop_failed_exit: false
modern_bpf: {cpus_for_each_buffer: 2}
outputs: {rate: 1, max_burst: 1000}
outputs_queue: {capacity: 0, recovery: 1}
grpc: {enabled: false, bind_address: unix:///run/falco/falco.sock, threadiness: 0}
grpc_output: {enabled: false}
metadata_download: {max_mb: 100, chunk_wait_us: 1000, watch_freq_sec: 1}
replay:
engine:
  kind: modern_ebpf
  ebpf: {probe: /root/.falco/falco-bpf.o, buf_size_preset: 4, drop_failed_exit: false}
  gvisor: {config: "", root: ""}
`);
  deepEqual([problems, warnings], [[], []]);
});

Deno.test("keys that change nothing are warned about when they ask for something", () => {
  deepEqual(load("webserver: {threadiness: 0}\nmetrics: {jemalloc_stats_enabled: false}\n").warnings, []);
  match(
    load("webserver: {threadiness: 4}\n").warnings[0] ?? "",
    /^f\.yaml:1:26: webserver\.threadiness changes nothing/,
  );
});
