// `falco -i`: the calls that are not captured even where a rule names them, since there are too many of them.
// In: nothing. Out: text as Falco prints it. Elsewhere: the choice of calls (sources/live/interest.ts).

import { EVENTS, isHighVolumeIo, SYSCALLS } from "../../schema/mod.ts";

/** Names of their events, where several calls share one. */
export function ignoredSyscalls(): string[] {
  const names = SYSCALLS.filter(({ sc }) => isHighVolumeIo(sc)).map(({ exitEvent }) =>
    EVENTS[exitEvent!]!.name
  );
  return [...new Set(names)].sort();
}

export function listIgnoredSyscalls(): string {
  return ["Ignored syscall(s):", ...ignoredSyscalls().map((name) => `- ${name}`), ""].join("\n");
}
