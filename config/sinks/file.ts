// Keys of file sinks: `file_output`, and entries of `sinks` with `type: file`. Elsewhere: writing (outputs/).

import { bool, duration, int, own, text } from "../definition.ts";
import type { SinkType } from "./sink_type.ts";

const YEAR_MS = 365 * 86_400_000;

export const FILE = {
  help: "a file, a line for each alert",
  keys: {
    "keep_alive": bool(false, "keep the file open between alerts; SIGUSR1 opens it again"),
    "filename": text("./events.txt", "path of the file; alerts are appended"),
    ...own({
      "rotate_size_mb": int(0, 0, 1_048_576, "begin a new file when this one is as large; 0: never"),
      "rotate_age": duration(0, 0, YEAR_MS, "begin a new file when this one is as old; 0: never"),
      "rotate_keep": int(7, 0, 10_000, "older files that are kept"),
      "rotate_compress": bool(true, "compress older files by gzip"),
    }),
  },
} as const satisfies SinkType;
