// The falco.yaml of packages: what `falco list config` prints, but for what only an installed service has.
// In: the table of settings. Out: the text of the file.

import { listSubject } from "../../cli/commands/list.ts";
import { stdoutPage } from "../../cli/terminal/page.ts";

interface Change {
  /** the section in which the line is; none: at the top level */
  readonly section?: string;
  readonly before: string;
  readonly after: string;
}

/** Lines of the printed defaults, with what is written instead: what the file that Falco ships says, on which others rely. */
const CHANGES: readonly Change[] = [
  { before: "config_files: []", after: "config_files: [/etc/falco/config.d]" },
  // alerts end with the container, the pod and the namespace
  { before: "append_output: []", after: "append_output: [{ suggested_output: true }]" },
  { section: "syslog_output", before: "  enabled: false", after: "  enabled: true" },
  // probes and scrapers find it; metrics need metrics.enabled and prometheus_metrics_enabled
  { section: "webserver", before: "  enabled: false", after: "  enabled: true" },
  { section: "metrics", before: "  output_rule: false", after: "  output_rule: true" },
];

const HEAD = `# Settings of falco: every key with its meaning and default. man falco.yaml says the same.
# A change takes effect when the file is saved. Files in /etc/falco/config.d are read after it, and beat it.

`;

export function defaultSettings(): string {
  const request = { patterns: [], json: false, page: stdoutPage(), loaded: noRules };
  const lines = listSubject("config", request).split("\n");
  for (const change of CHANGES) lines[lineOf(change, lines)] = change.after;
  return `${HEAD}${lines.join("\n")}\n`;
}

function lineOf({ section, before }: Change, lines: readonly string[]): number {
  const from = section === undefined ? 0 : lines.indexOf(`${section}:`);
  const at = from < 0 ? -1 : lines.indexOf(before, from);
  if (at >= 0) return at;
  const where = section === undefined ? "" : ` in ${section}`;
  throw new Error(
    `The default settings have no line ${before}${where}\n  remedy: correct ${import.meta.url}`,
  );
}

function noRules(): never {
  throw new Error("The list of settings needs no rules");
}
