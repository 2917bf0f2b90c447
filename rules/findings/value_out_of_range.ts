// The number does not fit the field.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "value-out-of-range",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "the number does not fit the field",
  why: "The number is cut to the bits of the field, as in Falco, and then means another number.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = connect and fd.sport = 70000
  output: opened %fd.name
  priority: NOTICE
`,
});
