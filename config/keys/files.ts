// Keys about the files of the configuration itself.

import { bool, choice, list, record, required, text } from "../definition.ts";

/** How a file joins what was read before it. */
export const STRATEGIES = ["append", "override", "add-only"] as const;

export const FILES = {
  "config_files": list(
    {
      ...record({
        "path": required(text(undefined, "a file, or a folder with files")),
        "strategy": {
          ...choice(
            "append",
            STRATEGIES,
            "append: lists grow, all else is replaced; override: all is replaced; add-only: only keys that were absent",
          ),
          otherwise: "append is used",
        },
      }, "a further file"),
      short: "path",
    },
    "further files with settings, read in this order after this one; a folder stands for its files, sorted; what " +
      "does not exist is skipped. Each a path, or `{path: …, strategy: …}`",
  ),
  "watch_config_files": bool(true, "read configuration and rules again when one of their files changes"),
};
