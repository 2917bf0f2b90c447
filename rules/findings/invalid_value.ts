// The value does not fit the field's type.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-value",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the value does not fit the field's type",
  why: "The text on the right cannot be a value of the field's type, so the check could never be meant.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.pid = many
  output: opened %fd.name
  priority: NOTICE
`,
});
