// A macro that no rule uses has a mistake.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "mistake-in-unused-macro",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a macro that no rule uses has a mistake",
  why:
    "Fields and values are looked at where a rule needs them. The first rule that uses the macro could not be loaded. Precision: in 4400 rules, of 42 public repositories and of 80 older versions of upstream's files, it was given twice, rightly.",
  example: `- macro: curl_started
  condition: evt.type = execve and proc.nmae = curl
`,
});
