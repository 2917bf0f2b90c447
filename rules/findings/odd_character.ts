// A character looks like another one.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "odd-character",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a character looks like another one",
  why:
    "A blank that does not break, or a typographic quote, is a letter of the value like any other: the check asks for a text that holds it. Precision: in 600 rules of 31 public repositories it was not given.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = execve and proc.name = “curl”
  output: started %proc.name
  priority: NOTICE
`,
});
