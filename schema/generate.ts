// Everything that is generated from the schema, as text. Nothing is written here.
// In: schema data. Out: `generate()`, path from the project's root → content.
// Elsewhere: writing the files (scripts/compile.ts, schema/write.ts), the memory layout (schema/layout.ts).

import { renderCgroupLayouts } from "./cgroup_layouts.ts";
import { renderConversions } from "./conversions.ts";
import { EVENT_COUNT } from "./events.ts";
import { layoutFiles } from "./layout.ts";
import { renderAssemblyConstants } from "./render_assembly.ts";
import { renderCHeader } from "./render_c.ts";
import { renderTables } from "./render_tables.ts";
import { renderWire } from "./wire.ts";

const BANNER = "// Generated from schema/ by scripts/compile.ts; do not edit.";

export function generate(): Map<string, string> {
  return new Map([
    ["probe/generated/events.h", renderCHeader(BANNER)],
    ["assembly/generated/events.ts", renderAssemblyConstants(BANNER)],
    ["assembly/generated/tables.ts", renderTables(BANNER)],
    ["assembly/generated/cgroup_layouts.ts", renderCgroupLayouts(BANNER)],
    ["assembly/generated/conversions.ts", renderConversions(BANNER, EVENT_COUNT)],
    ["assembly/generated/wire.ts", renderWire(BANNER)],
    ...layoutFiles(),
  ]);
}
