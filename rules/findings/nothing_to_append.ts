// An appended rule changes nothing.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "nothing-to-append",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "an appended rule changes nothing",
  why: "An appended rule without anything to append is most likely one whose keys were lost.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  append: true
`,
});
