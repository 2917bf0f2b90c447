// The man page of one command: falco(1), falco-check(1) …
// In: its node of the tree of commands. Out: roff.

import { VERSION } from "../../base/mod.ts";
import type { CommandNode } from "../command_tree.ts";
import { entry, head, heading, page, paragraph, verbatim } from "./roff.ts";

export function commandPage(node: CommandNode, date: string): string {
  const name = pageName(node);
  const isProgram = node.path.length === 0;
  return page([
    head({ title: name, section: 1, date, version: VERSION }),
    heading("NAME"),
    `${name.replaceAll("-", "\\-")} \\- ${sentenceOf(node.help)}`,
    heading("SYNOPSIS"),
    verbatim(["falco", ...node.path, node.usage].join(" ")),
    heading("DESCRIPTION"),
    paragraph(node.help),
    isProgram ? paragraph(ABOUT) : "",
    ...node.arguments.length === 0 ? [] : [
      heading("ARGUMENTS"),
      ...node.arguments.map(({ name, help, words }) =>
        entry(name, words.length > 0 ? `${help}: ${words.join(", ")}` : help)
      ),
    ],
    heading("OPTIONS"),
    ...node.flags.map(({ flags, help }) => entry(flags, help)),
    ...node.commands.length === 0 ? [] : [
      heading("COMMANDS"),
      ...node.commands.map((child) =>
        entry(`falco ${child.path.join(" ")}`, `${child.help} See ${pageName(child)}(1).`)
      ),
    ],
    node.notes === "" ? "" : `${heading("NOTES")}\n${verbatim(node.notes)}`,
    ...isProgram ? facts() : [],
    heading("SEE ALSO"),
    isProgram ? paragraph("falco.yaml(5)") : paragraph("falco(1), falco.yaml(5)"),
  ]);
}

/** `falco-list` for `falco list` */
export function pageName({ path }: CommandNode): string {
  return ["falco", ...path].join("-");
}

/** What whatis(1) shows is no sentence. */
function sentenceOf(help: string): string {
  return help.replace(/\.$/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

const ABOUT =
  "An eBPF probe reports system calls, a matcher keeps the state of every process and evaluates every event against " +
  "rules, and what the rules describe is reported at once. Rules, settings, flags and alerts are those of Falco.";

const FILES = [
  ["/etc/falco/falco.yaml", "the settings, if -c names no other file"],
  ["/etc/falco/falco_rules.yaml", "the rules that come with falco"],
  ["/etc/falco/falco_rules.local.yaml", "rules of this host, and changes of the others"],
  ["/etc/falco/rules.d/", "more rules files, read last in the order of their names"],
  ["/var/lib/falco/", "alerts that wait for a sink, where spool.enabled says so"],
] as const;

const SIGNALS = [
  ["SIGHUP", "reads rules and settings again; with a mistake in them the old ones stay"],
  ["SIGUSR1", "opens files and programs of outputs again, after a rotation of logs"],
  ["SIGTERM, SIGINT", "delivers what waits and ends; a second one ends at once"],
] as const;

function facts(): string[] {
  return [
    heading("FILES"),
    ...FILES.map(([path, text]) => entry(path, text)),
    heading("SIGNALS"),
    ...SIGNALS.map(([name, text]) => entry(name, text)),
    heading("EXIT STATUS"),
    paragraph("0 after an end that was asked for, 1 after a message on standard error."),
  ];
}
