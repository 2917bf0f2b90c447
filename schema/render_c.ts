// The schema as C for the probe.
// In: schema data. Out: the text of probe/generated/events.h.
// Elsewhere: structs and limits shared with user space (schema/layout.ts).

import { dropOrder } from "./drop_order.ts";
import { CURRENT_EVENTS, EVENT_COUNT, EVENT_FLAGS, eventConstant } from "./events.ts";
import { FLAG_TABLES, flagConstant, OTHER_CONSTANTS } from "./flags.ts";
import { OWN_PARAMS } from "./own_params.ts";
import { SYSCALLS } from "./syscalls.ts";
import { IA32_TO_X86_64 } from "./syscalls_ia32.ts";

/** Bits of an event's flags that are not about old traces. */
const PROBE_EVENT_FLAGS = Object.entries(EVENT_FLAGS);

export function renderCHeader(banner: string): string {
  const lines = [banner, "#pragma once", ""];

  lines.push("/* Event codes. */", "enum falco_event {");
  for (const event of CURRENT_EVENTS) lines.push(`\tEVT_${eventConstant(event)} = ${event.code},`);
  lines.push("};", "", `#define EVENT_COUNT ${EVENT_COUNT}`, "", "/* Parameters of each event. */");
  for (const event of CURRENT_EVENTS) {
    lines.push(`#define NPARAMS_${eventConstant(event)} ${event.params.length}`);
  }

  lines.push("", "/* Events that may have a parameter of ours after those. */");
  for (const [name, { name: param }] of Object.entries(OWN_PARAMS)) {
    lines.push(`#define ${param.toUpperCase()}_FOLLOWS_${name} 1`);
  }

  for (const order of ["last", "late"] as const) {
    lines.push(
      "",
      `/* Events that are dropped ${order} when a ring runs full (schema/drop_order.ts). */`,
      `#define CASES_DROPPED_${order.toUpperCase()} \\`,
      CURRENT_EVENTS.filter(({ category }) => dropOrder(category) === order)
        .map((event) => `\tcase EVT_${eventConstant(event)}:`).join(" \\\n"),
    );
  }

  lines.push("", "/* Flags of events. */");
  for (const [name, value] of PROBE_EVENT_FLAGS) lines.push(`#define EF_${name} 0x${value.toString(16)}`);

  for (const table of FLAG_TABLES) {
    lines.push("", `/* ${table.name} */`);
    for (const [name, value] of table.entries) {
      lines.push(`#define ${flagConstant(table, name)} ${value < 10 ? value : `0x${value.toString(16)}`}`);
    }
  }
  lines.push("", "/* Values that are never printed by name. */");
  for (const [name, value] of OTHER_CONSTANTS) {
    lines.push(`#define ${name} ${value < 0 ? `(${value})` : value}`);
  }

  lines.push(
    "",
    "/* Falco's numbers of system calls and tracepoints. */",
    `#define SC_COUNT ${SYSCALLS.length}`,
  );
  for (const call of SYSCALLS) {
    if (call.name !== "") lines.push(`#define SC_${call.name.toUpperCase()} ${call.sc}`);
  }

  const native = SYSCALLS.filter((call) => call.x86_64 !== null).sort((a, b) => a.x86_64! - b.x86_64!);
  lines.push(
    "",
    "/* Every system call of x86-64: X(number, Falco's number, event at entry or -1, event at return). */",
    "#define FOR_EACH_SYSCALL(X) \\",
    native.map((call) => `\tX(${call.x86_64}, ${call.sc}, ${call.enterEvent ?? -1}, ${call.exitEvent})`).join(
      " \\\n",
    ),
    "",
    "/* Number on x86-64 of each system call of 32-bit programs, -1 for none; an array's initialiser. */",
    `#define IA32_SYSCALL_COUNT ${IA32_TO_X86_64.length}`,
    "#define IA32_TO_X86_64 { \\",
  );
  for (let i = 0; i < IA32_TO_X86_64.length; i += 16) {
    lines.push(`\t${IA32_TO_X86_64.slice(i, i + 16).join(", ")}, \\`);
  }
  lines.push("}", "");
  return lines.join("\n");
}
