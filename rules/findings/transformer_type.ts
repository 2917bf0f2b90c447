// The transformer does not fit its operand.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "transformer-type",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the transformer does not fit its operand",
  why: "The transformer takes another kind of operand.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and tolower(proc.pid) = 1
  output: opened %fd.name
  priority: NOTICE
`,
});
