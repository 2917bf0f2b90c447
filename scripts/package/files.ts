// What packages install, whatever their format.
// In: the source tree, the executable. Out: files and folders with their modes; which of them users change.
// Elsewhere: the units and the other files that are written by hand (packaging/), each format (deb.ts, rpm.ts).

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { commandTree } from "../../cli/command_tree.ts";
import { COMPLETIONS } from "../../cli/completion.ts";
import { manPages } from "../../cli/man/pages.ts";
import { createProgram } from "../../cli/program.ts";
import { defaultSettings } from "./default_settings.ts";
import { buildDate } from "./build_time.ts";

export type PackageFormat = "deb" | "rpm";

export interface PackagedFile {
  /** absolute, on the host where it is installed */
  readonly path: string;
  readonly mode: number;
  /** a path is copied from there; none: a folder */
  readonly content: Uint8Array<ArrayBuffer> | { readonly from: string } | undefined;
  /** an upgrade keeps local changes of it */
  readonly isSettings: boolean;
}

const UNIT = "falco-modern-bpf.service";

/** Where shells look for what packages bring. */
const COMPLETION_PLACES = {
  bash: () => "/usr/share/bash-completion/completions/falco",
  zsh: (format: PackageFormat) =>
    `/usr/share/zsh/${format === "deb" ? "vendor-completions" : "site-functions"}/_falco`,
  fish: () => "/usr/share/fish/vendor_completions.d/falco.fish",
} as const;

export function packagedFiles(root: string, executable: string, format: PackageFormat): PackagedFile[] {
  const source = (path: string) => ({ from: join(root, path) });
  const program = createProgram(() => {});
  const tree = commandTree(program);
  const files = [
    plain("/usr/bin/falco", { from: executable }, 0o755),
    plain(`/usr/lib/systemd/system/${UNIT}`, source(`packaging/systemd/${UNIT}`)),
    settings("/etc/falco/falco.yaml", encode(defaultSettings())),
    settings("/etc/falco/falco_rules.yaml", source("rules/bundled/falco_rules.yaml")),
    settings("/etc/falco/falco_rules.local.yaml", source("packaging/falco_rules.local.yaml")),
    settings("/etc/falco/k8s_audit_rules.yaml", source("rules/bundled/k8s_audit_rules.yaml")),
    folder("/etc/falco/rules.d"),
    folder("/etc/falco/config.d"),
    ...(["bash", "zsh", "fish"] as const).map((shell) =>
      plain(COMPLETION_PLACES[shell](format), encode(COMPLETIONS[shell](tree)))
    ),
    ...[...manPages(program, buildDate())].map(([name, text]) =>
      plain(`/usr/share/man/man${name.at(-1)}/${name}.gz`, new Uint8Array(gzipSync(text, { level: 9 })))
    ),
    format === "deb"
      ? plain("/usr/share/doc/falco/copyright", source("packaging/debian/copyright"))
      : plain("/usr/share/licenses/falco/LICENSE", source("LICENSE")),
  ];
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

function plain(path: string, content: PackagedFile["content"], mode = 0o644): PackagedFile {
  return { path, content, mode, isSettings: false };
}

function settings(path: string, content: PackagedFile["content"]): PackagedFile {
  return { path, content, mode: 0o644, isSettings: true };
}

function folder(path: string): PackagedFile {
  return { path, content: undefined, mode: 0o755, isSettings: false };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
