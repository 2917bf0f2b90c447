// Packages in the shape of Falco's own at 0.44.1, without anything of it: the same name, version, units, files in
// /etc/falco and /etc/falcoctl, conffiles, and scripts that stop, enable and start the same units at the same moments.
// In: a folder. Out: a .deb and an .rpm in it.

import { must } from "../../live/lab.ts";

export const STAND_IN_VERSION = "0.44.1";

const unit = (name: string) =>
  `[Unit]\nDescription=stand-in for ${name}\n[Service]\nExecStart=/usr/bin/falco\nStandardOutput=null\n` +
  "[Install]\nWantedBy=multi-user.target\nAlias=falco.service\n";

export const STAND_IN_RULES = `- required_engine_version: 0.31.0
- list: sensitive_file_names
  items: [/etc/shadow, /etc/sudoers]
- macro: open_read
  condition: (evt.type in (open, openat, openat2) and evt.is_open_read = true and fd.typechar = 'f' and fd.num >= 0)
- macro: sensitive_files
  condition: (fd.name in (sensitive_file_names))
- rule: Read sensitive file untrusted
  desc: a stand-in
  condition: open_read and sensitive_files and proc.name != systemd
  output: Sensitive file read (file=%fd.name process=%proc.name)
  priority: WARNING
`;

const SETTINGS = `config_files:
  - /etc/falco/config.d
watch_config_files: true
rules_files:
  - /etc/falco/falco_rules.yaml
  - /etc/falco/falco_rules.local.yaml
  - /etc/falco/rules.d
engine:
  kind: modern_ebpf
  kmod: {buf_size_preset: 4, drop_failed_exit: false}
  modern_ebpf: {cpus_for_each_buffer: 2, buf_size_preset: 4, drop_failed_exit: false}
load_plugins: []
plugins:
  - name: container
    library_path: libcontainer.so
    init_config: {label_max_len: 100, with_size: false}
time_format_iso_8601: false
priority: debug
json_output: false
append_output:
  - suggested_output: true
stdout_output: {enabled: true}
syslog_output: {enabled: true}
file_output: {enabled: false, keep_alive: false, filename: ./events.txt}
webserver:
  enabled: true
  threadiness: 0
  listen_port: 8765
  listen_address: 0.0.0.0
  k8s_healthz_endpoint: /healthz
  prometheus_metrics_enabled: false
log_stderr: true
log_syslog: true
log_level: info
`;

const FILES: Readonly<Record<string, string>> = {
  "/usr/bin/falco": "#!/bin/sh\nexec sleep infinity\n",
  "/usr/bin/falcoctl": "#!/bin/sh\nexit 0\n",
  "/usr/share/falco/plugins/libcontainer.so": "",
  "/etc/falco/falco.yaml": SETTINGS,
  "/etc/falco/falco_rules.yaml": STAND_IN_RULES,
  "/etc/falco/falco_rules.local.yaml": "# Your custom rules!\n",
  "/etc/falco/config.d/falco.container_plugin.yaml": "load_plugins: [container]\n",
  "/etc/falcoctl/falcoctl.yaml": "artifact:\n  follow:\n    every: 6h0m0s\n",
  ...Object.fromEntries(
    ["falco-kmod", "falco-modern-bpf", "falco-custom", "falcoctl-artifact-follow"].map((name) =>
      [`/usr/lib/systemd/system/${name}.service`, unit(name)] as const
    ),
  ),
};
const CONFFILES = [
  "/etc/falco/falco.yaml",
  "/etc/falco/falco_rules.local.yaml",
  "/etc/falcoctl/falcoctl.yaml",
];

const all = (verb: string) =>
  ["falco-kmod", "falco-modern-bpf", "falco-custom", "falcoctl-artifact-follow"]
    .map((name) => `systemctl --system ${verb} ${name}.service || true\n`).join("");
/** FALCO_DRIVER_CHOICE names the unit, as with Falco's. */
const AFTER = `${all("stop")}${all("disable")}
case $FALCO_DRIVER_CHOICE in kmod) chosen=kmod ;; none) chosen= ;; *) chosen=modern-bpf ;; esac
set -e
systemctl --system daemon-reload || true
if [ -n "$chosen" ]; then
	systemctl --system enable falco-$chosen.service || true
	systemctl --system start falco-$chosen.service || true
fi
`;
const BEFORE_REMOVAL = `set -e\n${all("stop")}falcoctl driver cleanup\n`;
const AFTER_REMOVAL = `${all("disable")}systemctl --system daemon-reload || true\n`;

export async function standInDeb(folder: string): Promise<string> {
  const tree = `${folder}/stand-in-deb`;
  await writeFiles(tree);
  const control = `Package: falco\nVersion: ${STAND_IN_VERSION}\nArchitecture: all\n` +
    "Maintainer: nobody <nobody@falco.invalid>\nDescription: stand-in\n";
  const head = "#!/bin/sh\n";
  const scripts = {
    control,
    conffiles: CONFFILES.map((path) => `${path}\n`).join(""),
    postinst: head + AFTER,
    prerm: `${head}case $1 in remove | upgrade | deconfigure)\n${BEFORE_REMOVAL};;\nesac\n`,
    postrm: `${head}set -e\nif [ "$1" = remove ]; then\n${AFTER_REMOVAL}fi\n`,
  };
  for (const [name, text] of Object.entries(scripts)) {
    await write(`${tree}/DEBIAN/${name}`, text, text.startsWith(head) ? 0o755 : 0o644);
  }
  const target = `${folder}/falco_${STAND_IN_VERSION}_all.deb`;
  await must("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", tree, target);
  return target;
}

/** `base` provides what both packages need of the system, which has no packages of rpm. */
export async function standInRpms(folder: string): Promise<{ falco: string; base: string }> {
  const tree = `${folder}/stand-in-rpm`;
  await writeFiles(tree);
  const head = (name: string, version: string) =>
    `%global __os_install_post %{nil}\n%global debug_package %{nil}\nAutoReqProv: no\nName: ${name}\nVersion: ${version}\nRelease: 1\n` +
    "Summary: stand-in\nLicense: Apache-2.0\n";
  const falco = `${head("falco", STAND_IN_VERSION)}%description\nstand-in\n` +
    `%install\ncp -a ${tree}/. %{buildroot}/\n%files\n${Object.keys(FILES).join("\n")}\n` +
    `%post\n${AFTER}\n%preun\n${BEFORE_REMOVAL}\n` +
    `%postun\nif [ $1 -eq 0 ]; then\n${AFTER_REMOVAL}fi\n:\n`;
  const provides = ["glibc = 2.36", "/bin/sh", "coreutils", "findutils", "grep", "sed"];
  const base = `${head("system", "1")}${provides.map((what) => `Provides: ${what}\n`).join("")}` +
    "%description\nstand-in\n%files\n";
  return { falco: await buildRpm(folder, "falco", falco), base: await buildRpm(folder, "system", base) };
}

async function buildRpm(folder: string, name: string, spec: string): Promise<string> {
  const top = `${folder}/rpmbuild`;
  await write(`${top}/${name}.spec`, spec, 0o644);
  const { arch } = Deno.build;
  const options = ["-bb", "--quiet", "--target", arch, "--define", `_topdir ${top}`];
  await must("rpmbuild", ...options, `${top}/${name}.spec`);
  const version = name === "falco" ? STAND_IN_VERSION : "1";
  return `${top}/RPMS/${arch}/${name}-${version}-1.${arch}.rpm`;
}

async function writeFiles(tree: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await write(tree + path, text, path.startsWith("/usr/bin/") ? 0o755 : 0o644);
  }
}

async function write(path: string, text: string, mode: number): Promise<void> {
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(path, text);
  await Deno.chmod(path, mode);
}
