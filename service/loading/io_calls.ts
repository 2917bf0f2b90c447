// Calls that move data (read, write and their kin): which of them are reported, and what is said about it.
// In: settings, and the rules that name such calls. Out: the source's option; lines in the log.
// Elsewhere: which rules name them (rules/lower/named_io.ts), the choice of calls (sources/live/interest.ts).

import type { Settings } from "../../config/mod.ts";
import type { CompiledRules } from "../../rules/mod.ts";
import { syscallsOfEvent } from "../../schema/mod.ts";
import type { IoCalls } from "../../sources/live/mod.ts";
import type { Log } from "../logging/log.ts";

const SHOWN_RULES = 3;

export function ioCalls(settings: Settings): IoCalls {
  if (settings["base_syscalls.all"]) return "all";
  return settings["base_syscalls.named_io"] ? "named" : "none";
}

/** What the rules cost that name such calls, or that they will not fire. */
export function tellIoCalls({ namedIo }: CompiledRules, settings: Settings, log: Log): void {
  const removed = settings["base_syscalls.custom_set"].filter((name) => name.startsWith("!"));
  const isLeftOut = (name: string) => ioCalls(settings) === "none" || removed.includes(`!${name}`);
  const reported = new Set<string>();
  const leftOut = new Set<string>();
  const absent = new Set<string>();
  const rules = new Map<ReadonlySet<string>, Set<string>>();
  for (const { code, event, rules: naming } of namedIo) {
    const calls = syscallsOfEvent(code).filter(({ x86_64 }) => x86_64 !== null);
    const kind = calls.length === 0
      ? absent
      : calls.every(({ name }) => isLeftOut(name))
      ? leftOut
      : reported;
    kind.add(event);
    const known = rules.get(kind) ?? new Set();
    for (const name of naming) known.add(name);
    rules.set(kind, known);
  }
  const words = (kind: ReadonlySet<string>) => `${[...kind].sort().join(", ")} (${shown(rules.get(kind)!)})`;
  if (reported.size > 0) {
    log(
      "notice",
      `rules name calls of high volume: ${words(reported)}. Each such call on this host ` +
        (settings["engine.kernel_filter"] === "auto"
          ? "that the kernel's filter cannot leave out (falco list filters) "
          : "") +
        "is reported: that costs its caller and falco up to a microsecond each, and a flood of them can make falco lose events. " +
        "`base_syscalls.named_io: false` leaves them out, as Falco does",
    );
  }
  if (leftOut.size > 0) {
    log(
      "warning",
      `rules name calls that are not reported: ${
        words(leftOut)
      }. These rules do not fire for them, as in Falco; ` +
        "`base_syscalls.named_io: true` without their exclusion in base_syscalls.custom_set reports them",
    );
  }
  if (absent.size > 0) {
    log(
      "warning",
      `rules name calls that this machine does not have: ${
        words(absent)
      }. The C library's send and recv make the calls ` +
        "sendto and recvfrom: name these",
    );
  }
}

function shown(rules: ReadonlySet<string>): string {
  const names = [...rules].map((name) => `"${name}"`);
  const more = names.length - SHOWN_RULES;
  return `${names.slice(0, SHOWN_RULES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
