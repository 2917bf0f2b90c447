// Which file has the settings when there is no -c.

import { existsSync } from "node:fs";

/** Read if it exists. */
export const DEFAULT_FILE = "/etc/falco/falco.yaml";

export function hasDefaultFile(): boolean {
  return existsSync(DEFAULT_FILE);
}
