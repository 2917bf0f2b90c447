// Each detection of the bundled rules, made to happen on this host or in a real container, with the real program
// watching. Every alert must come within a second of its trigger and name the right process, parent, user, file or
// connection, and container.
// Alone: alerts have to come within a second.

import assert from "node:assert/strict";
import { detect, type Detection, NETWORK } from "./detections.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab, run } from "./lab.ts";

const refusal = await liveRefusal();

const HOST = { "container.id": "host", "user.name": "root" };
/** started by this test itself */
const OURS = { ...HOST, "proc.pname": "deno" };

const ON_HOST: readonly Detection[] = [
  {
    rule: "Run shell untrusted",
    trigger: async (lab) => run(await lab.named("nginx"), "run", "/bin/sh", "-c", "exit 3"),
    fields: {
      ...HOST,
      "proc.pname": "nginx",
      "proc.name": "sh",
      "proc.cmdline": "sh -c exit 3",
      "user.name": "root",
    },
  },
  {
    rule: "Fileless execution via memfd_create",
    trigger: (lab) => run(lab.trigger, "memory", lab.trigger, "nothing"),
    fields: { ...OURS, "proc.exepath": "memfd:payload", "proc.pexepath": Deno.execPath() },
  },
  {
    rule: "Execution from /dev/shm",
    trigger: async (lab) => {
      await Deno.copyFile(lab.trigger, "/dev/shm/falco-lab");
      await run("/dev/shm/falco-lab", "nothing");
      await Deno.remove("/dev/shm/falco-lab");
    },
    fields: { ...OURS, "proc.exepath": "/dev/shm/falco-lab", "proc.name": "falco-lab" },
  },
  {
    rule: "Detect crypto miners using the Stratum protocol",
    trigger: (lab) => run(lab.trigger, "nothing", "stratum+tcp://pool.invalid:3333"),
    fields: { ...OURS, "proc.cmdline": "trigger nothing stratum+tcp://pool.invalid:3333" },
  },
  {
    rule: "Privilege escalation by set-uid",
    name: "a set-uid program of unknown origin",
    trigger: async (lab) =>
      run(lab.trigger, "as-user", "65534", await lab.named("root-door", 0o4755), "become-root"),
    fields: { ...HOST, "proc.name": "root-door", "proc.puid": 65534 },
  },
  {
    rule: "Linux Kernel Module Injection Detected",
    trigger: (lab) => run(lab.trigger, "load-module"),
    fields: { ...OURS, "proc.name": "trigger" },
  },
  {
    rule: "PTRACE attached to process",
    trigger: (lab) => run(lab.trigger, "attach"),
    fields: { ...OURS, "proc.name": "trigger", "evt.arg.request": "PTRACE_ATTACH", "evt.arg.pid": "trigger" },
  },
  {
    rule: "Namespace change",
    trigger: (lab) => run(lab.trigger, "unshare-uts"),
    fields: { ...OURS, "proc.name": "trigger", "evt.type": "unshare" },
  },
  {
    rule: "Read sensitive file untrusted",
    name: "by its name",
    trigger: () => run("cat", "/etc/shadow"),
    fields: { ...OURS, "fd.name": "/etc/shadow", "proc.cmdline": "cat /etc/shadow" },
  },
  {
    rule: "Read sensitive file untrusted",
    name: "by a relative name",
    trigger: () => run("sh", "-c", "cd /etc/apt && cat ../shadow"),
    fields: { ...HOST, "fd.name": "/etc/shadow", "proc.cmdline": "cat ../shadow" },
  },
  {
    rule: "Read sensitive file untrusted",
    name: "through a symbolic link",
    trigger: async (lab) => {
      await Deno.symlink("/etc/shadow", `${lab.folder}/harmless`);
      await run("cat", `${lab.folder}/harmless`);
    },
    fields: (lab) => ({
      ...OURS,
      "fd.name": `${lab.folder}/harmless`,
      "fd.realname": "/etc/shadow",
      "proc.name": "cat",
    }),
  },
  {
    rule: "SSH private key read",
    trigger: async (lab) => run("cat", await lab.file(".ssh/id_ed25519", "not a key")),
    fields: (lab) => ({ ...OURS, "fd.name": `${lab.folder}/.ssh/id_ed25519`, "proc.name": "cat" }),
  },
  {
    rule: "Create files below dev",
    trigger: async () => {
      await run("sh", "-c", "echo loot > /dev/falco-lab");
      await Deno.remove("/dev/falco-lab");
    },
    fields: { ...OURS, "fd.name": "/dev/falco-lab", "proc.name": "sh" },
  },
  {
    rule: "Write below binary dir",
    trigger: async () => {
      await run("sh", "-c", "echo > /usr/local/bin/falco-lab");
      await Deno.remove("/usr/local/bin/falco-lab");
    },
    fields: { ...OURS, "fd.name": "/usr/local/bin/falco-lab", "proc.name": "sh" },
  },
  {
    rule: "Clear Log Activities",
    trigger: async () => {
      await Deno.writeTextFile("/var/log/falco-lab.log", "line\n");
      await run("truncate", "-s0", "/var/log/falco-lab.log");
      await run("sh", "-c", ": > /var/log/falco-lab.log");
      await Deno.remove("/var/log/falco-lab.log");
    },
    fields: { ...OURS, "fd.name": "/var/log/falco-lab.log", "proc.name": "sh" },
  },
  {
    rule: "Schedule Cron Jobs",
    trigger: async () => {
      await run("sh", "-c", "echo '# nothing' > /etc/cron.d/falco-lab; rm /etc/cron.d/falco-lab");
    },
    fields: { ...OURS, "fd.name": "/etc/cron.d/falco-lab", "proc.name": "sh" },
  },
  {
    rule: "Modify Shell Configuration File",
    trigger: async (lab) => run("tee", "-a", await lab.file("home/.bashrc")),
    fields: (lab) => ({ ...OURS, "fd.name": `${lab.folder}/home/.bashrc`, "proc.name": "tee" }),
  },
  {
    rule: "Reverse shell",
    trigger: (lab) => run(lab.trigger, "dup-socket", "127.0.0.1", "17311", "0"),
    fields: { ...OURS, "evt.rawres": 0, "proc.name": "trigger" },
  },
  {
    rule: "Outbound connection to suspicious port",
    trigger: (lab) => run(lab.trigger, "in-network", NETWORK, lab.trigger, "connect", NETWORK, "4444"),
    fields: { ...OURS, "fd.sport": 4444, "proc.name": "trigger" },
  },
  {
    rule: "Outbound connection to miner pool port",
    trigger: (lab) => run(lab.trigger, "in-network", NETWORK, lab.trigger, "connect", NETWORK, "3333"),
    fields: { ...OURS, "fd.sport": 3333, "proc.name": "trigger" },
  },
  {
    rule: "Outbound connection by standard system binary",
    trigger: async (lab) =>
      run(lab.trigger, "in-network", NETWORK, await lab.named("tar"), "connect", NETWORK, "8080"),
    fields: { ...OURS, "proc.name": "tar" },
  },
];

const inContainer = (id: string): readonly Detection[] => [
  {
    rule: "Terminal shell in container",
    trigger: (lab, id) => lab.inContainer(id, ["-t"], "sh", "-c", "true"),
    fields: { "container.id": id, "proc.name": "sh" },
  },
  {
    rule: "Terminal shell below a program in container",
    trigger: (lab, id) => lab.inContainer(id, ["-t"], "trigger", "run", "/bin/sh", "-c", "exit 3"),
    fields: { "container.id": id, "proc.name": "sh", "proc.pname": "trigger" },
  },
  {
    rule: "Launch Package Management Process in Container",
    trigger: (lab, id) => lab.inContainer(id, [], "apk", "nothing"),
    fields: { "container.id": id, "proc.name": "apk", "proc.cmdline": "apk nothing" },
  },
  {
    rule: "Database client in unexpected container",
    trigger: (lab, id) => lab.inContainer(id, [], "sh", "-c", "psql nothing; true"),
    fields: { "container.id": id, "proc.name": "psql", "proc.pname": "sh", "proc.exepath": "/bin/psql" },
  },
  {
    rule: "Redirect STDOUT/STDIN to Network Connection in Container",
    trigger: (lab, id) => lab.inContainer(id, [], "trigger", "dup-socket", "127.0.0.1", "4444", "1"),
    fields: { "container.id": id, "evt.rawres": 1, "proc.name": "trigger" },
  },
];

Deno.test({
  name: `bundled rules detect live what they promise, within a second${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  sanitizeResources: false,
  sanitizeOps: false,
}, async (t) => {
  const lab = await Lab.open();
  const falco = await FalcoProcess.start([]);
  try {
    const noContainers = await containerRefusal();
    const container = noContainers === null ? await lab.container() : "";
    await detect(t, falco, lab, container, ON_HOST);
    await detect(t, falco, lab, container, inContainer(container), noContainers);
    const code = await falco.stop();
    assert.equal(code, 0, "an interrupt ends it with success");
  } finally {
    await lab.close();
  }
});
