// The condition is nested too deeply.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "condition-too-deep",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the condition is nested too deeply",
  why: "More than 300 parentheses within each other. Macros give the inner parts names.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((proc.pid = 1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
  output: opened %fd.name
  priority: NOTICE
`,
});
