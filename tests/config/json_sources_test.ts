// Sources of events that cannot run cost themselves; nothing is opened to everybody because of a mistake.

import { deepEqual, match } from "node:assert/strict";
import { planSources } from "../../config/json_sources.ts";
import { load } from "./loading.ts";

Deno.test("an entry of `sources` with a mistake is left out, the others run", () => {
  const { settings } = load(
    "sources: [{name: syscall, input: stdin}, {name: a, input: 'ftp://x/'}, {name: b, input: tail, path: /x}]\n",
  );
  const { sources, problems } = planSources(settings, false);
  deepEqual([sources.names, sources.inputs.length, problems.length], [["syscall", "b"], 1, 2]);
});

Deno.test("a wrong clientCa or tokenFile of k8saudit leaves the plugin out: it must not listen to everybody", () => {
  for (const wrong of ["clientCa: [x]", "tokenFile: {a: b}", "sslCertificate: 5"]) {
    const { settings, problems } = load(
      `plugins: [{name: k8saudit, library_path: x, open_params: "https://:9765/x", init_config: {${wrong}}}]\n`,
    );
    deepEqual(planSources(settings, false).sources.inputs, [], wrong);
    // 5 is read as text where a text is expected
    deepEqual(problems.length, wrong.includes("5") ? 0 : 1);
  }
});

Deno.test("audit events at the web server's own port are received, and the web server is said to stay closed", () => {
  for (
    const [web, says] of [["enabled: true", 1], ["enabled: true, listen_port: 8766", 0], [
      "enabled: false",
      0,
    ]]
  ) {
    const { settings } = load(`k8s_audit_endpoint: "http://localhost:8765/audit"\nwebserver: {${web}}\n`);
    const { sources, problems } = planSources(settings, false);
    deepEqual([sources.names, problems.length], [["syscall", "k8s_audit"], says], String(web));
    for (const problem of problems) {
      match(problem, /k8s_audit and webserver\.listen_port are both at port 8765: /);
    }
  }
});

Deno.test("a wrong setting that protects the web server keeps it closed", () => {
  for (
    const wrong of [
      "ssl_enabled: maybe",
      "listen_address: [x]",
      "bearer_token_file: {a: b}",
      "ssl_certificate: []",
    ]
  ) {
    const { settings } = load(`webserver: {enabled: true, ${wrong}}\n`);
    deepEqual(settings["webserver.enabled"], false, wrong);
  }
  deepEqual(load("webserver: {enabled: true, threads: 4}\n").settings["webserver.enabled"], true);
});

Deno.test("a key of a plugin's entry that is not known costs itself, not the plugin", () => {
  const { settings, problems } = load(
    "plugins: [{name: k8saudit, library_path: x, open_params: 'http://:9765/x', newer: 1}]\nsinks: [{type: file, filename: /y, newer: 1}]\n",
  );
  deepEqual([settings.plugins.length, settings.sinks.length, problems.length], [1, 1, 2]);
});

Deno.test("an output without its target is switched off, the others stay", () => {
  const { settings } = load(
    "http_output: {enabled: true, url: [x]}\nfile_output: {enabled: true, filename: /x}\nsinks: [{type: http, url: ''}, {type: file, filename: /y}]\n",
  );
  deepEqual([settings["http_output.enabled"], settings["file_output.enabled"]], [false, true]);
  deepEqual(settings.sinks.map(({ type }) => type), ["file"]);
});

Deno.test("nodriver without another source is a plan like any other; flags that leave none are a mistake", () => {
  const { settings } = load("engine: {kind: nodriver}\n");
  const { sources, problems, wrongFlags } = planSources(settings, false);
  deepEqual([sources.names, problems, wrongFlags], [[], [], []]);
  const flagged = planSources(load("").settings, false, { disable: ["syscall"] });
  deepEqual(flagged.wrongFlags, ["all event sources are disabled"]);
});
