// Keys of program sinks: `program_output`, and entries of `sinks` with `type: program`. Elsewhere: starting it (outputs/).

import { bool, duration, own, text } from "../definition.ts";
import type { SinkType } from "./sink_type.ts";

export const PROGRAM = {
  help: "a program that reads alerts from its standard input",
  keys: {
    "keep_alive": bool(false, "one process for all alerts instead of one for each"),
    "program": text("", "a command for the shell"),
    ...own({
      "timeout": duration(30_000, 100, 3_600_000, "a process that has not taken its alert by then is ended"),
    }),
  },
} as const satisfies SinkType;
