import { deepEqual, equal, ok } from "node:assert/strict";
import { cefFormat } from "../../../alerts/formats/cef.ts";
import { outgoing, recordedAlerts, SHELL } from "./alerts.ts";

/** As receivers read it: parts by bare `|`, pairs by a key before a bare `=`. */
function readCef(line: string): { header: string[]; extension: Record<string, string> } {
  const parts = line.split(/(?<=[^\\](?:\\\\)*)\|/);
  const text = parts.slice(7).join("|");
  const starts = [...text.matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)];
  const pairs = starts.map((match, i) => {
    const from = match.index + match[0].length;
    const value = text.slice(from, starts[i + 1]?.index ?? text.length);
    return [match[1]!, value.replace(/\\([\\=n])/g, (_, c) => c === "n" ? "\n" : c)];
  });
  const header = parts.slice(0, 7).map((part) => part.replace(/\\([\\|])/g, "$1"));
  return { header, extension: Object.fromEntries(pairs) };
}

Deno.test("CEF: header and extension of a shell in a pod", () => {
  const { header, extension } = readCef(cefFormat(SHELL));
  deepEqual(header.filter((_, i) => i !== 3), [
    "CEF:0",
    "Falco",
    "falco",
    "Shell in container",
    "Shell in container",
    "6",
  ]);
  const { externalId, msg, ...rest } = extension;
  equal(externalId, "node1-1781092931123456789-7");
  equal(msg, SHELL.message);
  deepEqual(rest, {
    rt: "1781092931123",
    dvchost: "node1",
    cat: "syscall",
    sproc: "bash",
    spid: "4242",
    suser: "root",
    suid: "0",
    act: "execve",
    outcome: "SUCCESS",
    cs1Label: "Command line",
    cs1: "bash -i",
    cs2Label: "Parent process",
    cs2: "nginx",
    cs3Label: "Container id",
    cs3: "3ad7b26ded6d",
    cs4Label: "Container image",
    cs4: "docker.io/nginx",
    cs5Label: "Pod",
    cs5: "web-1",
    cs6Label: "Tags",
    cs6: SHELL.tags.join(","),
    falcoContainerImageTag: "1.27",
    falcoContainerName: "web",
    falcoK8sNsName: "shop",
    falcoProcCwd: "/root",
    falcoProcExeInoCtime: "1781092900000000001",
    falcoProcExepath: "/usr/bin/bash",
    falcoProcPpid: "4200",
    falcoProcTty: "34816",
  });
});

Deno.test("CEF: | and \\ are escaped in the header, = and \\ and line breaks in the extension, and nothing else", () => {
  const line = cefFormat(outgoing({ "evt.args": '"a=b|c\\\\d\\ne"' }, { rule: "a|b\\c=d\ne" }));
  ok(line.includes("|a\\|b\\\\c=d e|"), line);
  ok(line.endsWith(" falcoEvtArgs=a\\=b|c\\\\d\\ne"), line);
});

Deno.test("CEF: severities rise with the priority from 0 to 10", () => {
  const severity = (priority: "Debug" | "Warning" | "Critical" | "Emergency") =>
    readCef(cefFormat(outgoing({}, { priority }))).header[6];
  deepEqual([severity("Debug"), severity("Warning"), severity("Critical"), severity("Emergency")], [
    "0",
    "6",
    "8",
    "10",
  ]);
});

Deno.test("CEF: two fields that would have the same key both arrive", () => {
  const { extension } = readCef(cefFormat(outgoing({ "proc.aname[2]": '"a"', "proc.aname2": '"b"' })));
  deepEqual([extension["falcoProcAname2"], extension["falcoProcAname2_2"]], ["a", "b"]);
});

Deno.test("CEF: every value of a recorded alert is there after reading it back", () => {
  for (const alert of recordedAlerts()) {
    const values = new Set(Object.values(readCef(cefFormat(alert)).extension));
    for (const [key, json] of alert.fields) {
      const value = JSON.parse(json);
      if (value === null || value === "" || key === "evt.time" || String(value).includes("->")) continue;
      const text = typeof value === "string" ? value : json;
      ok(values.has(text), `${key}=${text} of ${alert.rule}`);
    }
  }
});
