// The bundled rules on a host where nothing is wrong: idle, while a package is installed and removed, code is compiled
// and a repository is cloned. At most one alert may come of all this, and it would have to be true; none while a container
// starts and commands are run in it.
// Alone: whatever else happens is no quiet host.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab, must } from "./lab.ts";

const refusal = await liveRefusal();
const hasApt = await Deno.stat("/usr/bin/apt-get").then(() => true, () => false);
const IDLE_MS = 3000;
const SUPERVISOR = "/usr/local/bin/runsv";

/** A package with a program and a maintainer script, as any other, but from this folder instead of the network. */
async function installPackage(lab: Lab): Promise<void> {
  await lab.file(
    "package/DEBIAN/control",
    "Package: falco-lab\nVersion: 1\nArchitecture: all\nMaintainer: tests <tests@example.invalid>\nDescription: test\n",
  );
  const script = await lab.file(
    "package/DEBIAN/postinst",
    "#!/bin/sh\nset -e\nmkdir -p /var/lib/falco-lab\ndate > /var/lib/falco-lab/installed\n",
  );
  await Deno.chmod(script, 0o755);
  const remove = await lab.file("package/DEBIAN/prerm", "#!/bin/sh\nrm -rf /var/lib/falco-lab\n");
  await Deno.chmod(remove, 0o755);
  const program = await lab.file("package/usr/bin/falco-lab-program", "#!/bin/sh\necho installed\n");
  await Deno.chmod(program, 0o755);
  await lab.file("package/etc/cron.d/falco-lab", "# nothing\n");
  await lab.file("package/etc/profile.d/falco-lab.sh", "# nothing\n");
  await must(
    "dpkg-deb",
    "--build",
    "--root-owner-group",
    `${lab.folder}/package`,
    `${lab.folder}/falco-lab.deb`,
  );
  await must("apt-get", "install", "-y", "--no-install-recommends", `${lab.folder}/falco-lab.deb`);
  await must("falco-lab-program");
  await must("apt-get", "purge", "-y", "falco-lab");
}

async function compile(lab: Lab): Promise<void> {
  await lab.file("code/main.c", '#include <stdio.h>\nint main(void) { return puts("built") < 0; }\n');
  await lab.file("code/Makefile", "main: main.c\n\t$(CC) -O2 -o $@ $<\n");
  await must("make", "-C", `${lab.folder}/code`);
  await must(`${lab.folder}/code/main`);
}

async function clone(lab: Lab): Promise<void> {
  const git = (...args: string[]) =>
    must("git", "-c", "user.name=lab", "-c", "user.email=lab@example.invalid", ...args);
  await git("init", "-q", `${lab.folder}/code`);
  await git("-C", `${lab.folder}/code`, "add", "main.c");
  await git("-C", `${lab.folder}/code`, "commit", "-q", "-m", "test");
  await git("clone", "-q", `file://${lab.folder}/code`, `${lab.folder}/cloned`);
}

/** A service's run script, as runit starts it, and the shell that it starts. */
const superviseService = () => must(SUPERVISOR, "run", "/bin/sh", "-c", "/bin/sh -c true; true");

Deno.test({
  name: `bundled rules are quiet on an idle host, while installing, compiling, cloning and supervising${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  const lab = await Lab.open();
  await Deno.copyFile(lab.trigger, SUPERVISOR);
  const falco = await FalcoProcess.start([]);
  try {
    await superviseService();
    if (hasApt) await installPackage(lab);
    else console.log("no apt-get on this machine: nothing is installed in this test");
    await compile(lab);
    await clone(lab);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    assert.equal(await falco.stop(), 0);
    // containers are others' doing
    const said = falco.alerts.filter(({ output_fields: of }) => of["container.id"] === "host")
      .map((alert) => `${alert.rule}: ${alert.output}`);
    assert.ok(said.length <= 1, `${said.length} alerts:\n${said.join("\n")}`);
    assert.deepEqual(said.filter((text) => text.startsWith("Run shell untrusted")), []);
  } finally {
    await Deno.remove(SUPERVISOR);
    await lab.close();
  }
});

const noContainers = refusal ?? await containerRefusal();

Deno.test({
  name: `bundled rules are quiet about an engine that imports, starts and enters a container${
    noContainers ? ` (skipped: ${noContainers})` : ""
  }`,
  ignore: noContainers !== null,
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  const lab = await Lab.open();
  const falco = await FalcoProcess.start([]);
  try {
    const id = await lab.container();
    for (let i = 0; i < 3; i++) assert.equal((await lab.inContainer(id, [], "/bin/true")).code, 0);
    assert.equal(await falco.stop(), 0);
    // others may be at work on this host; runc's copy of itself is at /
    const said = falco.alerts.filter(({ output }) => /\b(runc|conmon|podman)\b|exe=\/ /.test(output));
    assert.deepEqual(said.map((alert) => `${alert.rule}: ${alert.output}`), []);
  } finally {
    await lab.close();
  }
});
