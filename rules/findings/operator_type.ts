// The operator does not fit the field's type.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "operator-type",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the operator does not fit the field's type",
  why: "The operator means nothing for values of this type: a number does not start with something.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.pid startswith 1
  output: opened %fd.name
  priority: NOTICE
`,
});
