// Most programs use another call.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "other-call",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "most programs use another call",
  why:
    "Several calls do the same, and the C library and the usual programs use one that the rule leaves out: they open files by `openat`, not by `open`. Precision: in 600 rules of 31 public repositories it was given 4 times, each time rightly.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = open and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
`,
});
