// Keys of standard output as a sink. It has none of its own.

import type { SinkType } from "./sink_type.ts";

export const STDOUT = { help: "standard output", keys: {} } as const satisfies SinkType;
