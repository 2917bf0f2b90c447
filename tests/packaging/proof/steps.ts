// What is done to a host, in order, and what has to hold after each step.
// In: packages. Out: steps for a host (host.ts).

import assert from "node:assert/strict";
import type { Host } from "./host.ts";

export interface Packages {
  readonly own: string;
  /** a later version of ours, whose bundled rules have another name for a stock rule */
  readonly later: string;
  /** in the shape of Falco's */
  readonly foreign: string;
}

export interface Step {
  readonly name: string;
  readonly run: (host: Host) => Promise<void>;
}

/** Of the stand-in's rules, which are kept. */
const THEIR_ALERT = /Warning Sensitive file read/;
const OUR_ALERT = /Warning Sensitive file opened for reading/;
const DROP_IN = "/etc/systemd/system/falco-kmod.service.d/override.conf";
const PID_FILE = "/run/falco.pid";
const DROP_IN_TEXT = `[Service]
Environment=FALCO_HOSTNAME=proof
ExecStart=
ExecStart=/usr/bin/falco --pidfile=${PID_FILE}
`;

export function foreignSteps({ own, later, foreign }: Packages): Step[] {
  let etc = "";
  return [
    {
      name: "Falco's package with its kmod unit, a drop-in of it, and files of the administrator's",
      run: async (host) => {
        await host.container.write(DROP_IN, DROP_IN_TEXT);
        await host.install(foreign, "install", "FALCO_DRIVER_CHOICE=kmod");
        await host.customize();
        etc = await host.etc();
        assert.match(await host.container.must("systemctl is-active falco"), /^active/);
      },
    },
    {
      name: "ours is no downgrade, asks nothing, keeps every file and says so; it runs under all names",
      run: async (host) => {
        const said = await host.install(own);
        assert.match(said, /falco: kept everything that Falco's package had in \/etc\/falco/);
        assert.match(said, /falco: settings and rules in \/etc\/falco are fine/);
        assert.match(said, /falco: watching system calls/);
        // what Falco's package has no file for is added
        assert.deepEqual(without(await host.etc(), "k8s_audit_rules.yaml"), etc.split("\n"));
        await host.isRunning();
        assert.match(
          await host.container.must("systemctl show -p Environment falco"),
          /FALCO_HOSTNAME=proof/,
        );
      },
    },
    { name: "alerts go on, each once, with its severity", run: (host) => host.alertsGoOn(THEIR_ALERT) },
    {
      name: "an upgrade and a downgrade of ours keep every file",
      run: async (host) => {
        await host.install(later);
        assert.deepEqual(without(await host.etc(), "k8s_audit_rules.yaml"), etc.split("\n"));
        await host.alertsGoOn(THEIR_ALERT);
        await host.install(own, "downgrade");
        await host.alertsGoOn(THEIR_ALERT);
      },
    },
    {
      name: "removed and purged nothing is left but what the administrator has made",
      run: async (host) => {
        await host.container.must(host.commands.remove);
        await host.container.must(host.commands.purge);
        await host.isGone();
        const left = await host.container.must("cd /etc/falco && find . -type f | sort");
        assert.match(left, /rules\.d\/append\.yaml\n\.\/rules\.d\/own\.yaml\n$/);
      },
    },
  ];
}

export function ownSteps({ own, later, foreign }: Packages): Step[] {
  return [
    {
      name: "a new installation is enabled, runs and alerts",
      run: async (host) => {
        const said = await host.install(own);
        assert.match(said, /falco: watching system calls/);
        await host.isRunning();
        await host.customize();
        await host.container.write(
          "/etc/falco/config.d/file.yaml",
          "file_output: {enabled: true, filename: /var/log/falco_events.log}\n",
        );
        await host.container.must("systemctl restart falco");
        await host.alertsGoOn(OUR_ALERT);
      },
    },
    {
      name: "rules that a local override no longer fits are not exchanged, and that is said",
      run: async (host) => {
        const said = await host.install(later);
        assert.match(said, /falco: kept falco_rules\.yaml in \/etc\/falco as before: .*mistakes/);
        await host.alertsGoOn(OUR_ALERT);
      },
    },
    {
      name: "without the override they are renewed, and that is said",
      run: async (host) => {
        await host.container.must("rm /etc/falco/rules.d/append.yaml");
        await host.install(own, "downgrade");
        const said = await host.install(later);
        assert.match(said, /falco: renewed \/etc\/falco\/falco_rules\.yaml/);
        assert.match(
          await host.container.must("cat /etc/falco/falco_rules.yaml"),
          /Read of a sensitive file/,
        );
      },
    },
    {
      name: "what was switched off stays off",
      run: async (host) => {
        await host.container.must("systemctl disable --now falco-modern-bpf");
        await host.install(own, "downgrade");
        assert.match((await host.container.sh("systemctl is-active falco")).text, /^inactive/);
        assert.match((await host.container.sh("systemctl is-enabled falco-modern-bpf")).text, /^disabled/);
      },
    },
    {
      name:
        "Falco's package takes its place back; dpkg asks about nothing that the administrator has not changed",
      run: async (host) => {
        await host.container.must("cp /usr/share/falco/etc/falco_rules.local.yaml /etc/falco/");
        await host.install(foreign, "downgrade");
        assert.match(await host.container.must("systemctl is-active falco"), /^active/);
        assert.match(await host.container.must("cat /etc/falco/falco_rules.yaml"), /a stand-in/);
      },
    },
  ];
}

function without(listing: string, name: string): string[] {
  return listing.split("\n").filter((line) => !line.endsWith(`/${name}`));
}
