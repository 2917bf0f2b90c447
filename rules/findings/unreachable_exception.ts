// An exception never applies.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unreachable-exception",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "an exception never applies",
  why: "The exception excludes what the rule does not match anyway.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name = cat
  exceptions:
    - {name: known, fields: proc.name, values: [less]}
  output: opened %fd.name
  priority: NOTICE
`,
});
