// The key means nothing in an exception.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-exception-key",
  falco: "LOAD_UNKNOWN_KEY",
  beyondFalco: true,
  severity: "warning",
  title: "the key means nothing in an exception",
  why:
    "The key is ignored: it is misspelt, and the exception excludes less or something else than its author thinks. Precision: in 600 rules of 31 public repositories it was given once, rightly.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  exceptions:
    - {name: known, fields: [proc.name], comp: [startswith], values: [[cat]]}
  output: opened %fd.name
  priority: NOTICE
`,
});
