// Names of event types by their code.

import { EVENTS } from "../../schema/mod.ts";

const NAMES: ReadonlyMap<number, string> = new Map(EVENTS.map(({ code, name }) => [code, name]));

/** The catch-all event of calls without one of their own is `syscall`. */
export function eventByCode(code: number): string {
  return NAMES.get(code) ?? `event ${code}`;
}
