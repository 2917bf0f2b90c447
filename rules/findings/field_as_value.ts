// A text on the right looks like a field.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "field-as-value",
  falco: "LOAD_COMPILE_CONDITION",
  severity: "warning",
  title: "a text on the right looks like a field",
  why: "What is on the right is text. To compare with a field, write `val(field)`.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name = proc.pname
  output: opened %fd.name
  priority: NOTICE
`,
});
