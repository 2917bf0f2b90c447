// A value of an exception excludes nothing more.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "redundant-exception",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a value of an exception excludes nothing more",
  why:
    "The value is given twice, or another one of the exception covers it. Often another value was meant. Precision: in 4400 rules, of 42 public repositories and of 80 older versions of upstream's files, it was not given.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name startswith /etc/
  exceptions:
    - name: known
      fields: [proc.name, fd.name]
      comps: [in, startswith]
      values:
        - [[cat, less], /etc/app/]
        - [[less], /etc/app/conf]
  output: opened %fd.name
  priority: NOTICE
`,
});
