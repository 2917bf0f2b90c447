// A comment to ignore a warning has no effect.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-ignore",
  falco: "LOAD_UNKNOWN_ITEM",
  beyondFalco: true,
  severity: "warning",
  title: "a comment to ignore a warning has no effect",
  why: "A comment that names no warning switches nothing off; errors cannot be switched off.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow # falco: ignore no-evt-type
  output: opened %fd.name
  priority: NOTICE
`,
});
