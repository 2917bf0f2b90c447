// A field in an output that is written as in another language.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "literal-field",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "an output prints a field's name instead of its value",
  why:
    "Only a percent sign stands for a field's value: braces and dollar signs are printed as they are. Precision: in 4400 rules, of 42 public repositories and of 80 older versions of upstream's files, it was not given.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = execve and proc.name = curl
  output: started by {user.name}
  priority: NOTICE
`,
});
