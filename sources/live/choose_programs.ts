// Before the object file is loaded: which of its programs are, for which kind of hook, and with which settings.
// In: the opened object, names, hooks, values. Elsewhere: which are wanted (probe_plan.ts, doctor/probe_programs.ts).

import type { BpfObject } from "../../ffi/bpf/mod.ts";
import { PROBE_SETTINGS, settingAt } from "../../schema/mod.ts";
import type { ProbeHooks } from "./preemption.ts";

/** The section of a program with one kind of hook only; those of the others are the name of their raw tracepoint. */
const OF_ITS_OWN = "/";

export function choosePrograms(
  object: BpfObject,
  programs: ReadonlySet<string>,
  { byPerf }: ProbeHooks,
): void {
  for (const { name, section, handle } of object.programs()) {
    const isChosen = programs.has(name);
    object.setAutoload(handle, isChosen);
    if (!isChosen || section.includes(OF_ITS_OWN)) continue;
    if (byPerf) object.forPerfTracepoint(handle);
    else object.forRawTracepoint(handle, section);
  }
}

/** The verifier takes them for constants and leaves out what they switch off. */
export function writeSettings(
  object: BpfObject,
  values: Readonly<Record<typeof PROBE_SETTINGS[number], bigint>>,
): void {
  const settings = new BigUint64Array(PROBE_SETTINGS.length);
  for (const name of PROBE_SETTINGS) settings[settingAt(name) / 8] = values[name];
  object.setInitialValue(".rodata.settings", new Uint8Array(settings.buffer));
}
