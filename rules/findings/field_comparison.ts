// The two sides cannot be compared.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "field-comparison",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the two sides cannot be compared",
  why: "`val(…)` compares two fields, which need the same type.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name = val(proc.pid)
  output: opened %fd.name
  priority: NOTICE
`,
});
