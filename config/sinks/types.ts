// All types of sinks, by the word that an entry of `sinks` has as its `type`. A new type: one file, one line here
// or in network_types.ts.

import { FILE } from "./file.ts";
import { HTTP } from "./http.ts";
import { NETWORK_SINK_TYPES } from "./network_types.ts";
import { PROGRAM } from "./program.ts";
import type { SinkType } from "./sink_type.ts";
import { STDOUT } from "./stdout.ts";
import { SYSLOG } from "./syslog.ts";

export const SINK_TYPES = {
  stdout: STDOUT,
  file: FILE,
  syslog: SYSLOG,
  program: PROGRAM,
  http: HTTP,
  ...NETWORK_SINK_TYPES,
} as const satisfies Readonly<Record<string, SinkType>>;

export type SinkTypeName = keyof typeof SINK_TYPES;
