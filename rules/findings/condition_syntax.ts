// The condition cannot be read.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "condition-syntax",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the condition cannot be read",
  why: "The condition cannot be read from this word on. Checks are joined by `and` and `or`.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow proc.name = cat
  output: opened %fd.name
  priority: NOTICE
`,
});
