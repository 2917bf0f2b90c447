// docs/events.md: every current event type with its parameters.
// In: the event table. Out: Markdown.

import { ignoredSyscalls } from "../../cli/forms/ignored_syscalls.ts";
import { EVENT_SCHEMA_VERSION } from "../../base/versions.ts";
import { CURRENT_EVENTS, EVENT_SOURCES } from "../../schema/events.ts";
import { FLAG_TABLES } from "../../schema/flags.ts";
import { SYSCALLS } from "../../schema/syscalls.ts";
import type { EventDef } from "../../schema/types.ts";
import { code, prose, table } from "./markdown.ts";

const GENERIC_CODE = 1;

const INTRODUCTION = `# Events

What \`evt.type\` can be, and the parameters that \`evt.arg.NAME\` and \`evt.rawarg.NAME\` can name. This page is made of
the tables that the engine uses (\`scripts/docs.ts\` writes it); \`falco list events\` prints the same, \`falco list events
NAME\` the types of one event's parameters with all values of its flags.

The codes are those of Falco's event schema ${EVENT_SCHEMA_VERSION}. System calls are reported when they return (\`<\`);
a few are reported at their entry as well (\`>\`), before anybody could change what the arguments point at. Events at
entry feed the tables of processes and files; rules see those at return.`;

export function eventsPage(): string {
  // what the kernel's iterators report fills the tables of processes and files: no rule sees it
  const events = CURRENT_EVENTS.filter(({ code, categoryBits }) =>
    code !== GENERIC_CODE && (categoryBits & EVENT_SOURCES["iter"]!) === 0
  );
  const generic = SYSCALLS.filter(({ exitEvent, sc }) => exitEvent === GENERIC_CODE && sc !== 0);
  const flags = FLAG_TABLES.filter(({ name }) =>
    events.some((event) => event.params.some((param) => param.flagTable === name))
  );
  return [
    INTRODUCTION,
    "",
    "## Events with parameters",
    "",
    ...table(["", "event", "category", "parameters", "code"], events.map(row)),
    "",
    "## System calls without parameters of their own",
    "",
    "Their event has the parameters `ID` and `nativeID`, the number of the call.",
    "",
    generic.map(({ name }) => code(name)).sort().join(", "),
    "",
    "## System calls that are not captured by default",
    "",
    "There are many of them. They are captured where a rule names them, unless `base_syscalls.named_io` is false; with",
    "`base_syscalls.all: true` also for rules that can match them without naming them.",
    "",
    ignoredSyscalls().map(code).join(", "),
    "",
    "## Values of flags",
    "",
    ...table(
      ["table", "names"],
      flags.map(({ name, entries }) => [prose(name), entries.map(([entry]) => code(entry)).join(" ")]),
    ),
    "",
  ].join("\n");
}

function row(event: EventDef): string[] {
  const parameters = event.params.map(({ name, type, flagTable }) =>
    `${code(name)} ${prose(flagTable === undefined ? type : `${type} ${flagTable}`)}`
  );
  return [
    event.direction === "enter" ? "\\>" : "\\<",
    code(event.name),
    prose(event.category),
    parameters.join(", "),
    String(event.code),
  ];
}
