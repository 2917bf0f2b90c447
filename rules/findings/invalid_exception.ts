// An exception is not well formed.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-exception",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "an exception is not well formed",
  why:
    "Fields, comparisons and values of an exception have to fit: one comparison and one element of each value for each field.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  exceptions:
    - name: known
      fields: [proc.name, fd.name]
      values: [[cat]]
  output: opened %fd.name
  priority: NOTICE
`,
});
