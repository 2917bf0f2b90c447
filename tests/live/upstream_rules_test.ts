// The stable rules of upstream, loaded unchanged, and the bundled rules that have their names: at least 20 of the 25 must
// fire live. Left out are the two that need an answer of a container engine or of a name server (Contact K8S API Server
// From Container, Debugfs Launched in Privileged Container).

import assert from "node:assert/strict";
import { detect, type Detection, NETWORK } from "./detections.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab, run } from "./lab.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const RULES = upstreamRules("falco_rules.yaml");
const live = await liveRefusal();
const upstream = live ?? upstreamMissing ?? null;

const ON_HOST: readonly Detection[] = [
  {
    rule: "Directory traversal monitored file read",
    trigger: () => run("env", "-C", "/usr/lib", "cat", "../../../etc/passwd"), // the rule leaves out children of shells
    fields: { "fd.name": "/etc/passwd", "fd.nameraw": "../../../etc/passwd", "proc.name": "cat" },
  },
  {
    rule: "Read sensitive file untrusted",
    trigger: () => run("cat", "/etc/shadow"),
    fields: { "fd.name": "/etc/shadow", "proc.name": "cat" },
  },
  {
    rule: "Read sensitive file trusted after startup",
    trigger: async (lab) => run(await lab.named("mysqld"), "wait-open", "5200", "/etc/shadow"),
    fields: { "fd.name": "/etc/shadow", "proc.name": "mysqld" },
  },
  {
    rule: "Run shell untrusted",
    trigger: async (lab) => run(await lab.named("nginx"), "run", "/bin/sh", "-c", "exit 3"),
    fields: { "proc.name": "sh", "proc.pname": "nginx" },
  },
  {
    rule: "System user interactive",
    trigger: async (lab) =>
      run(await lab.named("sshd"), "run", lab.trigger, "as-user", "2", "/bin/sh", "-c", "exit 3"),
    fields: { "user.name": "bin", "proc.name": "sh" },
  },
  {
    rule: "Search Private Keys or Passwords",
    trigger: () => run("grep", "BEGIN RSA PRIVATE", "/etc/hostname"),
    fields: { "proc.name": "grep" },
  },
  {
    rule: "Find AWS Credentials",
    trigger: () => run("grep", "aws_secret_access_key", "/etc/hostname"),
    fields: { "proc.name": "grep" },
  },
  {
    rule: "Clear Log Activities",
    trigger: async () => {
      await Deno.writeTextFile("/var/log/falco-lab-auth.log", "line\n");
      await run("sh", "-c", ": > /var/log/falco-lab-auth.log");
      const folder = "/tmp/falco-lab-log";
      await run(
        "sh",
        "-c",
        `mkdir -p ${folder}; echo > ${folder}/auth.log; : > ${folder}/auth.log; rm -r ${folder}`,
      );
      await Deno.remove("/var/log/falco-lab-auth.log");
    },
    fields: { "proc.name": "sh" },
  },
  {
    rule: "Remove Bulk Data from Disk",
    trigger: async (lab) => run("shred", "-n", "1", await lab.file("bulk", "data")),
    fields: { "proc.name": "shred" },
  },
  {
    rule: "Create Symlink Over Sensitive Files",
    trigger: (lab) => run("ln", "-s", "/etc/shadow", `${lab.folder}/link`),
    fields: { "evt.arg.target": "/etc/shadow" },
  },
  {
    rule: "Create Hardlink Over Sensitive Files",
    trigger: (lab) => run("ln", "/etc/shadow", `${lab.folder}/hard`),
    fields: { "evt.arg.oldpath": "/etc/shadow" },
  },
  {
    rule: "PTRACE attached to process",
    trigger: (lab) => run(lab.trigger, "attach"),
    fields: { "proc.name": "trigger" },
  },
  {
    rule: "PTRACE anti-debug attempt",
    trigger: (lab) => run(lab.trigger, "traceme"),
    fields: { "proc.name": "trigger" },
  },
  {
    rule: "Execution from /dev/shm",
    trigger: async (lab) => {
      await Deno.copyFile(lab.trigger, "/dev/shm/falco-lab");
      await run("/dev/shm/falco-lab", "nothing");
      await Deno.remove("/dev/shm/falco-lab");
    },
    fields: { "proc.name": "falco-lab" },
  },
  {
    rule: "Fileless execution via memfd_create",
    trigger: (lab) => run(lab.trigger, "memory", lab.trigger, "nothing"),
    fields: {},
  },
  {
    rule: "Disallowed SSH Connection Non Standard Port",
    trigger: async (lab) =>
      run(lab.trigger, "in-network", NETWORK, await lab.named("ssh"), "connect", NETWORK, "443"),
    fields: { "proc.name": "ssh", "fd.l4proto": "tcp" },
  },
];

const IN_CONTAINER: readonly Detection[] = [
  {
    rule: "Terminal shell in container",
    trigger: (lab, id) => lab.inContainer(id, ["-t"], "sh", "-c", "true"),
    fields: { "proc.name": "sh" },
  },
  {
    rule: "Netcat Remote Code Execution in Container",
    trigger: (lab, id) => lab.inContainer(id, [], "nc", "-e", "/bin/true", "127.0.0.1", "9"),
    fields: {},
  },
  {
    rule: "Packet socket created in container",
    trigger: (lab, id) => lab.inContainer(id, [], "trigger", "packet-socket"),
    fields: { "proc.name": "trigger" },
  },
  {
    rule: "Redirect STDOUT/STDIN to Network Connection in Container",
    trigger: (lab, id) => lab.inContainer(id, [], "trigger", "dup-socket", "127.0.0.1", "4444", "0"),
    fields: { "proc.name": "trigger" },
  },
  {
    rule: "Drop and execute new binary in container",
    trigger: (lab, id) =>
      lab.inContainer(id, [], "sh", "-c", "cp /bin/trigger /tmp/dropped; /tmp/dropped nothing; true"),
    fields: { "proc.name": "dropped" },
  },
];

const IN_PRIVILEGED_CONTAINER: readonly Detection[] = [
  {
    rule: "Linux Kernel Module Injection Detected",
    trigger: (lab, id) => lab.inContainer(id, [], "trigger", "load-module"),
    fields: { "proc.name": "trigger" },
  },
  {
    rule: "Detect release_agent File Container Escapes",
    trigger: (lab, id) => lab.inContainer(id, [], "sh", "-c", "echo > /tmp/release_agent"),
    fields: { "fd.name": "/tmp/release_agent" },
  },
];

const RULE_SETS = [
  { name: "upstream's stable rules load unchanged and fire live", args: ["-r", RULES], refusal: upstream },
  { name: "the bundled rules with names of upstream's stable rules fire live", args: [], refusal: live },
];

for (const { name, args, refusal } of RULE_SETS) {
  Deno.test({
    name: `${name}${refusal ? ` (skipped: ${refusal})` : ""}`,
    ignore: refusal !== null,
    sanitizeResources: false,
    sanitizeOps: false,
  }, async (t) => {
    const lab = await Lab.open();
    const falco = await FalcoProcess.start(args);
    try {
      const noContainers = await containerRefusal();
      const container = noContainers === null ? await lab.container() : "";
      const privileged = noContainers === null ? await lab.container("--privileged") : "";
      await detect(t, falco, lab, container, ON_HOST);
      await detect(t, falco, lab, container, IN_CONTAINER, noContainers);
      await detect(t, falco, lab, privileged, IN_PRIVILEGED_CONTAINER, noContainers);
      assert.equal(await falco.stop(), 0);
      const fired = new Set(falco.alerts.map((alert) => alert.rule));
      if (noContainers === null) {
        assert.ok(fired.size >= 20, `at least 20 of the 25 rules fired: ${fired.size}`);
      }
    } finally {
      await lab.close();
    }
  });
}
