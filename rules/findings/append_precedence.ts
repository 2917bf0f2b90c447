// Operator precedence of an appended condition is misleading.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "append-precedence",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "operator precedence of an appended condition is misleading",
  why:
    "An appended condition is after the old one without parentheses, and `and` binds closer than `or`. So an appended `or` escapes from everything before it.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  condition: or proc.name = cat
  override:
    condition: append
`,
});
