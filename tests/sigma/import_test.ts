// Sigma's rules become rules that load and fire: the stages by table, whole rules by the matcher.

import assert from "node:assert/strict";
import { runTests } from "../../ruletest/mod.ts";
import { loadRules, makeSource, renderDiagnostics } from "../../rules/mod.ts";
import { importSigma } from "../../sigma/mod.ts";

function sigma(detection: string, logsource = "category: process_creation", more = ""): string {
  const lines = detection.split("\n").map((line) => `    ${line}`).join("\n");
  return `title: Example\nid: 12345678-aaaa\n${more}logsource:\n    product: linux\n    ${
    logsource.replaceAll("\n", "\n    ")
  }\ndetection:\n${lines}\n`;
}

function conditionOf(detection: string, logsource?: string): string {
  const { files, unconverted } = importSigma([{ name: "x.yml", text: sigma(detection, logsource) }]);
  if (unconverted.length > 0) return `not converted: ${unconverted[0]!.reason}`;
  const [text = ""] = files.values();
  const { definitions } = loadRules([makeSource("x.yaml", text)]);
  const condition = [...definitions.rules.values()][0]!.keys.condition.text.replace(/\s+/g, " ");
  return condition.replace("evt.type in (execve, execveat) and evt.res = SUCCESS and ", "");
}

const ONE = (selection: string) => `selection:\n    ${selection}\ncondition: selection`;

Deno.test("each modifier becomes a check that says the same, case included", () => {
  for (
    const [selection, expected] of [
      ["Image: /usr/bin/Curl", 'tolower(proc.exepath) = "/usr/bin/curl"'],
      ["Image: [/a, /b]", 'tolower(proc.exepath) in ("/a", "/b")'],
      ["Image|endswith: /Nc", 'tolower(proc.exepath) endswith "/nc"'],
      ["Image|cased|startswith: /TMP", 'proc.exepath startswith "/TMP"'],
      ["CommandLine|contains: ' -E '", 'proc.exeline icontains " -E "'],
      ["CommandLine|contains|all: [a, b]", 'proc.exeline icontains "a" and proc.exeline icontains "b"'],
      ["CommandLine: '*a?c*'", 'proc.exeline iglob "*a?c*"'],
      ["CommandLine|contains: 'a\\*[b'", 'proc.exeline icontains "a*[b"'],
      ["CommandLine: 'a*[b'", 'proc.exeline iglob "a*\\\\[b"'],
      ["CommandLine|endswith: 'x\\\\'", 'tolower(proc.exeline) endswith "x\\ "'],
      ['CommandLine|contains: "a\\tb"', 'proc.exeline icontains "a\\tb"'],
      ["CommandLine|base64|contains: abc", 'proc.exeline contains "YWJj"'],
      [
        "CommandLine|base64offset|contains: abc",
        '(proc.exeline contains "YWJj" or proc.exeline contains "FiY" or proc.exeline contains "hYm")',
      ],
      ["CommandLine|re: 'a\\d+?$'", 'proc.exeline regex "(.|\\n)*(a[0-9]+$)(.|\\n)*"'],
      [
        "CommandLine|windash|contains: ' -e'",
        '(proc.exeline icontains " -e" or proc.exeline icontains " /e" or proc.exeline icontains " –e" or proc.exeline icontains " —e" or proc.exeline icontains " ―e")',
      ],
      ["User: null", "not user.name exists"],
      ["ProcessId|gt: 100", "proc.pid > 100"],
      ["CommandLine|contains: '*'", "proc.exeline exists"],
    ] as const
  ) assert.equal(conditionOf(ONE(selection)), expected, selection);
});

Deno.test("conditions: quantities, patterns, precedence", () => {
  const selections = "a1: {User: x}\na2: {User: y}\nb: {Image: /z}\ncondition: ";
  const x = 'tolower(user.name) = "x"', y = 'tolower(user.name) = "y"', z = 'tolower(proc.exepath) = "/z"';
  for (
    const [condition, expected] of [
      ["1 of a*", 'tolower(user.name) in ("x", "y")'],
      ["all of a*", `${x} and ${y}`],
      ["all of them", `${x} and ${y} and ${z}`],
      ["2 of them", `((${x} and ${y}) or (${x} and ${z}) or (${y} and ${z}))`],
      ["b and not 1 of a*", `${z} and not (tolower(user.name) in ("x", "y"))`],
      ["a1 or a2 and b", `(${x} or (${y} and ${z}))`],
      ["(a1 or a2) and b", `tolower(user.name) in ("x", "y") and ${z}`],
      ["a1 | count() > 5", "not converted: its condition counts events (`|`)"],
      ["a1 and c", "not converted: its condition names `c`, which is not there"],
      ["1 of c*", "not converted: its condition names `c*`, which nothing fits"],
      ["(a1", "not converted: a `)` is missing in its condition"],
    ] as const
  ) assert.equal(conditionOf(selections + condition), expected, condition);
});

Deno.test("what has no counterpart is listed with its reason, never dropped", () => {
  const reasons = (text: string) =>
    importSigma([{ name: "x.yml", text }]).unconverted.map(({ reason }) => reason);
  for (
    const [text, reason] of [
      [sigma(ONE("Hashes: x")), "no field holds `Hashes`"],
      [sigma(ONE("Image|expand: '%x%'")), "the modifier `expand` has no counterpart"],
      [sigma(ONE("CommandLine|re: 'a(?=b)'")), "its regular expression looks ahead or names groups"],
      [
        sigma(ONE("User: x"), "service: sshd"),
        "its log source is the text of a log (sshd), which no system call shows",
      ],
      [sigma(ONE("User: x"), "category: dns_query"), "its log source `dns_query` has no counterpart"],
      [
        sigma(ONE("type: SERVICE_STOP"), "service: auditd"),
        "records of the type SERVICE_STOP are no system calls",
      ],
      [
        sigma(ONE("DestinationHostname|endswith: .x"), "category: network_connection"),
        "parts of the host name `DestinationHostname` cannot be compared: Falco resolves whole names",
      ],
      [sigma(ONE("User: x"), undefined, "status: deprecated\n"), "its status is `deprecated`"],
      ["title: x\ncorrelation: {}\n", "correlations of several rules are not converted"],
      ["- a\n", "it is no Sigma rule: a mapping is expected"],
      ["a: [", "it is not YAML"],
    ] as const
  ) assert.ok(reasons(text)[0]?.startsWith(reason), `${reasons(text)} for ${text}`);
});

Deno.test("hostile rules are bounded and cannot break out of their texts", () => {
  const text = sigma(
    ONE(`Image|contains: "x\\" or evt.num > 0 or proc.name = \\"\\n- rule: y"`),
    undefined,
    'description: "a\\n- rule: z %proc.name"\n',
  );
  const { files } = importSigma([{ name: "x.yml", text }]);
  const [made = ""] = files.values();
  const { definitions, diagnostics } = loadRules([makeSource("x.yaml", made)], { lint: false });
  assert.deepEqual([...definitions.rules.keys()], ["Example"]);
  assert.deepEqual(diagnostics, []);
  const deep = sigma(`a: {User: x}\ncondition: ${"(".repeat(5000)}a`);
  assert.equal(
    importSigma([{ name: "x", text: deep }]).unconverted[0]!.reason,
    "its condition is nested too deep",
  );
  const aliases =
    "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\n";
  assert.equal(importSigma([{ name: "x", text: aliases }]).unconverted.length, 1);
});

Deno.test("two rules of one title keep apart, in one file for their log source", () => {
  const text = sigma(ONE("User: x"));
  const { files, converted } = importSigma([{ name: "a", text }, { name: "b", text }]);
  assert.deepEqual(converted, ["Example", "Example (12345678)"]);
  assert.deepEqual([...files.keys()], ["sigma_process_creation.yaml"]);
});

Deno.test("rules fire on what they are about, and only then", async () => {
  const rules = [
    sigma(
      "child: {Image|endswith: [/whoami, /ID]}\nparent: {ParentImage|endswith: /nginx}\ncondition: all of them",
    )
      .replace("Example", "Child of a server"),
    sigma(ONE("{type: EXECVE, a0: Tar, a1|contains: c}"), "service: auditd").replace(
      "Example",
      "Words of a command",
    ),
    sigma(ONE("TargetFilename|startswith: /etc/Sudoers.d/"), "category: file_event").replace(
      "Example",
      "File",
    ),
    sigma(
      ONE("{Initiated: 'true', DestinationPort: [4444, 9001]}\n    f: {DestinationIp|cidr: 10.0.0.0/8}")
        .replace("    f:", "f:").replace("condition: selection", "condition: selection and not f"),
      "category: network_connection",
    )
      .replace("Example", "Port"),
    sigma(ONE("{type: PATH, name: '/etc/*release'}"), "service: auditd").replace("Example", "Path"),
    sigma(ONE("CommandLine|re: 'x{2}\\s'")).replace("Example", "Pattern"),
  ];
  const { files, unconverted } = importSigma(rules.map((text, at) => ({ name: `${at}`, text })));
  assert.deepEqual(unconverted, []);
  const folder = Deno.makeTempDirSync();
  try {
    for (const [name, text] of files) Deno.writeTextFileSync(`${folder}/${name}`, text);
    Deno.writeTextFileSync(`${folder}/sigma.test.yaml`, CASES.replace("RULES", [...files.keys()].join(", ")));
    const { results, diagnostics } = await runTests([`${folder}/sigma.test.yaml`]);
    assert.equal(renderDiagnostics(diagnostics), "");
    assert.deepEqual(
      results.filter(({ status }) => status !== "passed").map(({ test, failures }) => [test.name, failures]),
      [],
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

const CASES = `rules: [RULES]
cases:
  - name: a child of a server
    process: {name: whoami, exe: /usr/bin/whoami, parent: {name: nginx, exe: /usr/sbin/nginx}}
    events: [execve /usr/bin/whoami]
    expect: Child of a server
  - name: a child of something else
    process: {name: whoami, exe: /usr/bin/whoami, parent: {name: bash, exe: /usr/bin/bash}}
    events: [execve /usr/bin/whoami]
    expect: nothing
  - name: words of a command
    events: [execve tar czf x]
    expect: Words of a command
  - name: a file
    process: vi
    events: [openat /etc/sudoers.d/x write create]
    expect: File
  - name: a file that is read
    process: cat
    events: [openat /etc/sudoers.d/x read]
    expect: nothing
  - name: a port
    process: miner
    events: [connect 203.0.113.9:4444]
    expect: Port
  - name: a port of a network that is left out
    process: miner
    events: [connect 10.1.2.3:4444]
    expect: nothing
  - name: a path by pattern
    process: cat
    events: [openat /etc/os-release read]
    expect: Path
  - name: a pattern
    events: [execve tool axx b]
    expect: Pattern
`;
