// An earlier rule always matches first.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "shadowed-rule",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "an earlier rule always matches first",
  why:
    "With `rule_matching: first`, the default, only the first rule that matches an event is reported. An earlier rule matches whenever this one does, so this one is never reported.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- desc: an example
  output: opened %fd.name
  rule: Second
  condition: evt.type = openat and fd.name = /etc/shadow and proc.name = cat
  priority: NOTICE
`,
});
