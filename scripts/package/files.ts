// What packages install, whatever their format.
// In: the source tree, the executable. Out: files, folders and links with their modes.
// Elsewhere: the units and the other files that are written by hand (packaging/), each format (deb.ts, rpm.ts), how
// files for /etc/falco get there (packaging/scripts/etc_files.sh).

import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { commandTree } from "../../cli/command_tree.ts";
import { COMPLETIONS } from "../../cli/commands/completion.ts";
import { manPages } from "../../cli/man/pages.ts";
import { createProgram } from "../../cli/program.ts";
import { defaultSettings } from "./default_settings.ts";
import { buildDate } from "./build_time.ts";

export type PackageFormat = "deb" | "rpm";

export interface PackagedFile {
  /** absolute, on the host where it is installed */
  readonly path: string;
  readonly mode: number;
  /** a path is copied from there, a link leads there; none: a folder */
  readonly content:
    | Uint8Array<ArrayBuffer>
    | { readonly from: string }
    | { readonly link: string }
    | undefined;
}

const UNITS = "/usr/lib/systemd/system";
const UNIT = "falco-modern-bpf.service";
/** The other units of Falco's packages: links of `enable` and drop-ins under these names go on working. */
const OTHER_UNITS = ["falco-bpf.service", "falco-custom.service", "falco-kmod.service"];

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
    plain(`${UNITS}/${UNIT}`, source(`packaging/systemd/${UNIT}`)),
    ...OTHER_UNITS.map((name) => plain(`${UNITS}/${name}`, { link: UNIT }, 0o777)),
    forEtc("falco.yaml", encode(defaultSettings())),
    forEtc("falco_rules.yaml", source("rules/bundled/falco_rules.yaml")),
    forEtc("falco_rules.local.yaml", source("packaging/falco_rules.local.yaml")),
    forEtc("k8s_audit_rules.yaml", source("rules/bundled/k8s_audit_rules.yaml")),
    folder("/usr/share/falco"),
    folder("/usr/share/falco/etc"),
    folder("/etc/falco"),
    folder("/etc/falco/rules.d"),
    folder("/etc/falco/config.d"),
    ...(["bash", "zsh", "fish"] as const).map((shell) =>
      plain(COMPLETION_PLACES[shell](format), encode(COMPLETIONS[shell](tree)))
    ),
    ...[...manPages(program, buildDate())].map(([name, text]) =>
      plain(`/usr/share/man/man${name.at(-1)}/${name}.gz`, new Uint8Array(gzipSync(text, { level: 9 })))
    ),
    ...format === "deb"
      ? [
        plain("/usr/share/doc/falco/copyright", source("packaging/debian/copyright")),
        plain("/usr/share/lintian/overrides/falco", source("packaging/debian/lintian-overrides")),
      ]
      : [plain("/usr/share/licenses/falco/LICENSE", source("LICENSE"))],
  ];
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

function plain(path: string, content: PackagedFile["content"], mode = 0o644): PackagedFile {
  return { path, content, mode };
}

/** The packages' scripts put it to /etc/falco. */
function forEtc(name: string, content: PackagedFile["content"]): PackagedFile {
  return plain(`/usr/share/falco/etc/${name}`, content);
}

function folder(path: string): PackagedFile {
  return { path, content: undefined, mode: 0o755 };
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
