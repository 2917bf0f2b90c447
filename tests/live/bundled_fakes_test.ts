// Who borrows the name of a program that the bundled rules excuse is told about all the same, and so is a file that gets to
// its place by a way round: each exclusion is faked live, on this host.
// Alone: alerts have to come within a second.

import { detect, type Detection } from "./detections.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { Lab, must, run } from "./lab.ts";

const refusal = await liveRefusal();
const TARGET = "/usr/local/bin/falco-lab";
const SUPERVISOR = "/usr/local/bin/runsv";

/** A shell whose file has this name. */
async function shellNamed(lab: Lab, name: string): Promise<string> {
  const path = `${lab.folder}/${name}`;
  await Deno.copyFile("/bin/sh", path);
  await Deno.chmod(path, 0o755);
  return path;
}

/** Perl code under this name (PR_SET_NAME), in a child, which inherits it. */
const called = (name: string, code: string) => `$0 = '${name}'; if (fork == 0) { ${code}; exit } wait`;

/** A Perl of the system that calls itself so. */
const perlCalled = (name: string, code: string) => run("/usr/bin/perl", "-e", called(name, code));

const byFile = (rule: string, name: string, script: string): Detection => ({
  rule,
  name: `by a program whose file is called ${name}`,
  trigger: async (lab) => run(await shellNamed(lab, name), "-c", script),
  fields: { "proc.name": name },
});

const byName = (rule: string, name: string, mode: "<" | ">", path: string): Detection => ({
  rule,
  name: `by a program of the system that calls itself ${name}`,
  trigger: async () => {
    await perlCalled(name, `open my $file, '${mode}', '${path}'; close $file`);
    if (mode === ">") await Deno.remove(path);
  },
  fields: { "proc.name": name },
});

const byTrigger = (rule: string, name: string, ...args: readonly string[]): Detection => ({
  rule,
  name: `by a program called ${name}`,
  trigger: async (lab) => run(await lab.named(name), ...args),
  fields: { "proc.name": name },
});

/** The trigger program in memory, which starts itself from there. */
const AS_CLONED = `
  $^F = 255;
  my $name = "runc_cloned:/proc/self/exe"; my $fd = syscall(319, $name, 0);
  open(my $memory, ">&=", $fd); open(my $file, "<", $ARGV[0]);
  local $/; print { $memory } scalar(<$file>); $memory->flush;
  exec { "/proc/self/fd/$fd" } "exe", "run", "/proc/self/fd/$fd", "unshare-uts";
`;

const SHADOW = "Read sensitive file untrusted";
const BINARY = "Write below binary dir";
const READ_SHADOW = "read line < /etc/shadow";

const FAKES: readonly Detection[] = [
  ...["sshd", "(x", "passwd", "cron", "apt-get", "systemd"].flatMap((name) => [
    byFile(SHADOW, name, READ_SHADOW),
    byName(SHADOW, name, "<", "/etc/shadow"),
  ]),
  {
    rule: SHADOW,
    name: "below a parent that is called dpkg",
    trigger: async (lab) => run(await lab.named("dpkg"), "run", "/bin/cat", "/etc/shadow"),
    fields: { "proc.name": "cat", "proc.pname": "dpkg" },
  },
  {
    rule: SHADOW,
    name: "below parents that call themselves apt-get",
    trigger: () => perlCalled("apt-get", "system('cat', '/etc/shadow')"),
    fields: { "proc.name": "cat", "proc.pname": "apt-get" },
  },
  {
    rule: SHADOW,
    name: "under its name below /proc/self/root",
    trigger: () => run("cat", "/proc/self/root/etc/shadow"),
    fields: { "fd.name": "/proc/self/root/etc/shadow", "fd.realname": "/etc/shadow" },
  },
  byFile("SSH private key read", "ssh", "read line < .ssh/id_ed25519"),
  byFile("Create files below dev", "lvm", "echo > /dev/falco-lab; rm /dev/falco-lab"),
  byName("Create files below dev", "runc", ">", "/dev/falco-lab"),
  byFile(BINARY, "dpkg", `echo > ${TARGET}; rm ${TARGET}`),
  byName(BINARY, "runc", ">", TARGET),
  byName(BINARY, "apt", ">", TARGET),
  {
    rule: BINARY,
    name: "through a symbolic link to the directory",
    trigger: async (lab) => {
      await Deno.symlink("/usr/local/bin", `${lab.folder}/place`);
      await run("/bin/sh", "-c", `echo > ${lab.folder}/place/falco-lab; rm ${TARGET}`);
    },
    fields: (lab) => ({ "fd.name": `${lab.folder}/place/falco-lab`, "fd.realname": TARGET }),
  },
  {
    rule: BINARY,
    name: "below /proc/self/root",
    trigger: () => run("/bin/sh", "-c", `echo > /proc/self/root${TARGET}; rm ${TARGET}`),
    fields: { "fd.realname": TARGET },
  },
  {
    rule: BINARY,
    name: "by a relative name",
    trigger: () => run("/bin/sh", "-c", `cd /usr/local/share; echo > ../bin/falco-lab; rm ${TARGET}`),
    fields: { "fd.name": TARGET },
  },
  ...([
    ["a move", "mv"],
    ["a hard link", "ln"],
    ["a symbolic link", "ln -s"],
  ] as const).map(([what, command]): Detection => ({
    rule: BINARY,
    name: `by ${what}`,
    trigger: async (lab) => {
      // on the same file system, or a move is a copy
      await Deno.writeTextFile("/usr/local/falco-lab", "");
      await run("/bin/sh", "-c", `${command} /usr/local/falco-lab ${TARGET}`);
      await run("rm", "-f", TARGET, "/usr/local/falco-lab");
      void lab;
    },
    fields: { "proc.name": command.split(" ")[0]! },
  })),
  {
    rule: BINARY,
    name: "by a mount over it",
    trigger: async (lab) => {
      const file = await lab.file("other");
      await run("unshare", "-m", "/bin/sh", "-c", `mount --bind ${file} /usr/bin/true`);
    },
    fields: { "proc.name": "mount" },
  },
  {
    rule: "Create Hardlink Over Sensitive Files",
    name: "of a system program, to write to it under another name",
    trigger: async () => {
      await Deno.copyFile("/bin/true", TARGET);
      await run("ln", TARGET, "/usr/local/falco-lab-2");
      await run("rm", "-f", TARGET, "/usr/local/falco-lab-2");
    },
    fields: { "proc.name": "ln" },
  },
  {
    rule: "Clear Log Activities",
    name: "by a program whose file is called logrotate",
    trigger: async (lab) => {
      await Deno.writeTextFile("/var/log/falco-lab.log", "line\n");
      const shell = await shellNamed(lab, "logrotate");
      // an existing file is truncated without being created
      await run(shell, "-c", ": > /var/log/falco-lab.log");
      await Deno.remove("/var/log/falco-lab.log");
    },
    fields: { "proc.name": "logrotate" },
  },
  byName("Schedule Cron Jobs", "crond", ">", "/etc/cron.d/falco-lab"),
  {
    rule: "Schedule Cron Jobs",
    name: "by a move",
    trigger: async () => {
      await Deno.writeTextFile("/etc/falco-lab", "# nothing\n");
      await run("mv", "/etc/falco-lab", "/etc/cron.d/falco-lab");
      await Deno.remove("/etc/cron.d/falco-lab");
    },
    fields: { "proc.name": "mv" },
  },
  byFile("Modify Shell Configuration File", "useradd", "echo > .bashrc"),
  {
    rule: "Modify Shell Configuration File",
    name: "by a move",
    trigger: async (lab) => run("mv", await lab.file("harmless"), `${lab.folder}/.profile`),
    fields: { "proc.name": "mv" },
  },
  {
    rule: "Fileless execution via memfd_create",
    name: "below a parent that is called runc",
    trigger: async (lab) => run(await lab.named("runc"), "memory", lab.trigger, "nothing"),
    fields: { "proc.exepath": "memfd:payload" },
  },
  byTrigger("Namespace change", "runc", "unshare-uts"),
  byTrigger("Namespace change", "(x", "unshare-uts"),
  byTrigger("Namespace change", "systemd-udevd", "unshare-uts"),
  {
    rule: "Namespace change",
    name: "below a parent that is called conmon",
    trigger: async (lab) => run(await lab.named("conmon"), "run", lab.trigger, "unshare-uts"),
    fields: { "proc.name": "trigger", "proc.pname": "conmon" },
  },
  {
    rule: "Namespace change",
    name: "from memory that is named as runc's copy, below another one like it",
    trigger: (lab) => run("/usr/bin/perl", "-e", AS_CLONED, lab.trigger),
    fields: { "proc.exepath": "memfd:runc_cloned:/proc/self/exe" },
  },
  {
    rule: "Namespace change",
    name: "from a detached mount, where runc's copy can be",
    trigger: async (lab) => {
      const file = await lab.named("mounted");
      const script =
        `mount --bind ${file} ${file}; exec 9< ${file}; umount -l ${file}; /proc/self/fd/9 unshare-uts`;
      await run("unshare", "-m", "/bin/sh", "-c", script);
    },
    fields: { "proc.exepath": "/" },
  },
  ...["; exit 3", "\nexit 3", " | cat", " `id`"].map((further): Detection => ({
    rule: "Run shell untrusted",
    name: `with ${JSON.stringify(further)} after a command that is excused`,
    trigger: async (lab) => run(await lab.named("nginx"), "run", "/bin/sh", "-c", `kill -0 1${further}`),
    fields: { "proc.name": "sh", "proc.pname": "nginx" },
  })),
  {
    rule: "Run shell untrusted",
    name: "by a program that is called as a supervisor",
    trigger: async (lab) => run(await lab.named("runsv"), "run", "/bin/sh", "-c", "exit 3"),
    fields: { "proc.name": "sh", "proc.pname": "runsv" },
  },
  {
    rule: "Run shell untrusted",
    name: "by a service's own supervisor",
    trigger: async (lab) => {
      await Deno.copyFile(lab.trigger, SUPERVISOR);
      await run(await lab.named("runsv"), "run", SUPERVISOR, "run", "/bin/sh", "-c", "exit 4");
      await Deno.remove(SUPERVISOR);
    },
    fields: { "proc.cmdline": "sh -c exit 4" },
  },
  {
    rule: "Run shell untrusted",
    name: "by a program that calls itself a supervisor",
    trigger: () => perlCalled("PM2", "system('/bin/sh', '-c', 'exit 5')"),
    fields: { "proc.name": "sh", "proc.pname": "PM2" },
  },
  {
    rule: "Run shell untrusted",
    name: "by a service that calls itself a shell",
    trigger: async (lab) =>
      run(
        await lab.named("runsv"),
        "run",
        "/usr/bin/perl",
        "-e",
        called("sh", "system('/bin/sh', '-c', 'exit 6')"),
      ),
    fields: { "proc.cmdline": "sh -c exit 6", "proc.pname": "sh" },
  },
  {
    rule: "Run shell untrusted",
    name: "by a server that calls itself a shell",
    trigger: async (lab) => {
      const server = `${lab.folder}/php-fpm8.2`;
      await Deno.copyFile("/usr/bin/perl", server);
      await Deno.chmod(server, 0o755);
      await run(server, "-e", called("sh", "system('/bin/sh', '-c', 'exit 7')"));
    },
    fields: { "proc.cmdline": "sh -c exit 7", "proc.pname": "sh" },
  },
  byTrigger("PTRACE attached to process", "criu", "attach"),
  byTrigger("Linux Kernel Module Injection Detected", "systemd-modules", "load-module"),
  byTrigger("Reverse shell", "sshd", "dup-socket", "127.0.0.1", "17312", "0"),
  byTrigger("Reverse shell", "(x", "dup-socket", "127.0.0.1", "17313", "0"),
  {
    rule: "Privilege escalation by set-uid",
    name: "by a set-uid program that is called sudo",
    trigger: async (lab) =>
      run(lab.trigger, "as-user", "65534", await lab.named("sudo", 0o4755), "become-root"),
    fields: { "proc.name": "sudo", "proc.puid": 65534 },
  },
  {
    rule: "Server process spawned unexpected child",
    name: "that is called as one of its helpers",
    trigger: async (lab) => run(await lab.named("nginx"), "run", await lab.named("logger"), "nothing"),
    fields: { "proc.name": "logger", "proc.pname": "nginx" },
  },
];

Deno.test({
  name: `bundled rules excuse nobody for a name, and see files that come by a way round${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  sanitizeResources: false,
  sanitizeOps: false,
}, async (t) => {
  const lab = await Lab.open();
  // relative names of the scripts above are the lab's
  const before = Deno.cwd();
  const falco = await FalcoProcess.start([]);
  try {
    await must("mkdir", "-p", `${lab.folder}/.ssh`);
    await lab.file(".ssh/id_ed25519", "not a key\n");
    Deno.chdir(lab.folder);
    await detect(t, falco, lab, "", FAKES);
  } finally {
    Deno.chdir(before);
    await falco.stop();
    await lab.close();
  }
});
