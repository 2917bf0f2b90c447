// An appended exception has no values.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "exception-without-values",
  falco: "LOAD_APPEND_NO_VALUES",
  severity: "warning",
  title: "an appended exception has no values",
  why: "An appended exception without values changes nothing.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  exceptions:
    - {name: known, fields: proc.name, values: [cat]}
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  exceptions:
    - name: known
  override:
    exceptions: append
`,
});
