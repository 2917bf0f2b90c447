// Two exceptions of a rule share a name.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "exception-name-twice",
  falco: "LOAD_EXCEPTION_NAME_NOT_UNIQUE",
  severity: "warning",
  title: "two exceptions of a rule share a name",
  why: "Later files can only append to the first of two exceptions that share a name.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  exceptions:
    - {name: known, fields: proc.name, values: [cat]}
    - {name: known, fields: proc.name, values: [less]}
  output: opened %fd.name
  priority: NOTICE
`,
});
