// The falco.yaml of packages: what `falco list config` prints, but for what only an installed service has.
// In: the table of settings. Out: the text of the file.

import { listSubject } from "../../cli/list.ts";
import { stdoutPage } from "../../cli/page.ts";

/** Lines of the printed defaults, with what stands there instead. */
const CHANGES = [
  ["config_files: []", "config_files: [/etc/falco/config.d]"],
  // alerts end with the container, the pod and the namespace, as with the file that Falco ships
  ["append_output: []", "append_output: [{ suggested_output: true }]"],
  // the journal has what the service writes to standard error
  ["log_syslog: true", "log_syslog: false"],
] as const;

const HEAD = `# Settings of falco: every key with its meaning and default. man falco.yaml says the same.
# A change takes effect when the file is saved. Files in /etc/falco/config.d are read after it, and beat it.

`;

export function defaultSettings(): string {
  const request = { patterns: [], json: false, page: stdoutPage(), loaded: noRules };
  const lines = listSubject("config", request).split("\n");
  for (const [before, after] of CHANGES) {
    const at = lines.indexOf(before);
    if (at < 0) {
      throw new Error(`The default settings have no line ${before}\n  remedy: correct ${import.meta.url}`);
    }
    lines[at] = after;
  }
  return `${HEAD}${lines.join("\n")}\n`;
}

function noRules(): never {
  throw new Error("The list of settings needs no rules");
}
