// Something deprecated is used.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "deprecated",
  falco: "LOAD_DEPRECATED_ITEM",
  severity: "warning",
  title: "something deprecated is used",
  why: "It still works, and will not always.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  append: true
  condition: and proc.name != cat
`,
});
