// The field's argument is wrong or missing.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "field-argument",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the field's argument is wrong or missing",
  why: "Some fields need an argument in brackets, such as `proc.aname[2]`; others take none.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name[1] = cat
  output: opened %fd.name
  priority: NOTICE
`,
});
