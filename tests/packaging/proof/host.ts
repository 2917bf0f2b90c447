// What an administrator has on a host with Falco, and whether it goes on working with another package in its place.
// In: a container with systemd, the format of packages. Out: assertions.

import assert from "node:assert/strict";
import { until } from "../../outputs/outgoing_alerts.ts";
import type { PackageFormat } from "../../../scripts/package/files.ts";
import type { JournalEntry, SystemdContainer } from "./systemd_container.ts";

export const OVERRIDES: Readonly<Record<string, string>> = {
  "/etc/falco/rules.d/append.yaml": "- rule: Read sensitive file untrusted\n" +
    "  condition: and not proc.name = my_backup\n  override:\n    condition: append\n",
  "/etc/falco/rules.d/own.yaml": "- rule: Marker read\n  desc: d\n" +
    "  condition: evt.type in (open, openat) and fd.name = /etc/proof-marker\n  output: marker\n  priority: NOTICE\n",
  "/etc/falco/falco_rules.local.yaml": "# changed\n- list: mine\n  items: []\n",
};

/** Of each format: installing without a question, from which version to which. */
const COMMANDS = {
  deb: {
    install: (path: string) => `apt-get install -y ${path}`,
    downgrade: (path: string) => `apt-get install -y --allow-downgrades ${path}`,
    remove: "apt-get remove -y falco",
    purge: "apt-get purge -y falco",
    version: "dpkg-query -W -f '${Version}' falco",
  },
  rpm: {
    install: (path: string) => `dnf install -y --disablerepo='*' --nogpgcheck ${path}`,
    downgrade: (path: string) => `dnf downgrade -y --disablerepo='*' --nogpgcheck ${path}`,
    remove: "dnf remove -y falco",
    purge: "dnf remove -y falco",
    version: "rpm -q --qf '%{EPOCH}:%{VERSION}' falco",
  },
} as const;

export class Host {
  readonly commands: typeof COMMANDS[PackageFormat];

  constructor(readonly container: SystemdContainer, format: PackageFormat) {
    this.commands = COMMANDS[format];
  }

  /** Returns what the package manager and the package's scripts have said. */
  async install(path: string, how: "install" | "downgrade" = "install", env = ""): Promise<string> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    await this.container.copy(path, `/root/${name}`);
    const said = await this.container.must(`${env} ${this.commands[how](`/root/${name}`)} 2>&1`);
    assert.doesNotMatch(said, /Configuration file|conffile|what would you like to do/i);
    return said;
  }

  async customize(): Promise<void> {
    for (const [path, text] of Object.entries(OVERRIDES)) await this.container.write(path, text);
    await this.container.write("/etc/proof-marker", "x\n");
    await this.container.must(
      "sed -i 's|^file_output: .*|file_output: {enabled: true, filename: /var/log/falco_events.log}|' " +
        "/etc/falco/falco.yaml && for name in my_backup proof_reader; do cp /bin/cat /usr/local/bin/$name; done",
    );
  }

  /** All of /etc/falco, as one text. */
  etc(): Promise<string> {
    return this.container.must("cd /etc/falco && find . -type f | sort | xargs sha256sum");
  }

  async isRunning(): Promise<void> {
    for (const name of ["falco", "falco-modern-bpf", "falco-kmod", "falco-custom"]) {
      assert.equal((await this.container.must(`systemctl is-active ${name}`)).trim(), "active", name);
    }
    assert.match(await this.container.must("systemctl is-enabled falco-modern-bpf"), /^enabled/);
  }

  /** The stock rule alerts, with its exception of this host, and this host's own rule; each once, with its severity. */
  async alertsGoOn(stockText: RegExp): Promise<void> {
    const before = (await this.container.journal()).length;
    await this.container.must(
      "my_backup /etc/shadow >/dev/null; proof_reader /etc/shadow >/dev/null; cat /etc/proof-marker",
    );
    const fresh = async () => (await this.container.journal()).slice(before);
    const severities = (entries: readonly JournalEntry[], text: RegExp) =>
      entries.filter(({ MESSAGE }) => text.test(MESSAGE)).map(({ PRIORITY }) => PRIORITY);
    // others may read such files on this machine meanwhile
    const read = (process: string) => new RegExp(`${stockText.source}.*process=${process}\\b`);
    const own = /Notice marker/;
    await until("the host's own rule alerts", async () => severities(await fresh(), own).length > 0);
    const entries = await fresh();
    assert.deepEqual(severities(entries, read("proof_reader")), ["4"], JSON.stringify(entries));
    assert.deepEqual(severities(entries, read("my_backup")), []);
    assert.deepEqual(severities(entries, own), ["5"]);
    await until("the file has it", async () => {
      return /marker/.test(await this.container.must("cat /var/log/falco_events.log"));
    });
  }

  /** Nothing of a package is left but what the administrator has made. */
  async isGone(): Promise<void> {
    const { container } = this;
    assert.equal(await container.must("pgrep -x falco || true"), "");
    assert.equal(await container.must("find /etc/systemd /usr/lib/systemd -name 'falco*' ! -type d"), "");
    assert.equal(
      await container.must("ls -d /var/lib/falco /usr/share/falco/etc /usr/bin/falco 2>/dev/null || true"),
      "",
    );
  }
}
