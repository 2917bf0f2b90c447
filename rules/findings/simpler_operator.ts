// A simpler operator would do.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "simpler-operator",
  falco: "LOAD_COMPILE_CONDITION",
  severity: "warning",
  title: "a simpler operator would do",
  why:
    "A regular expression that only means equality, a prefix, an ending or a part is slower than the operator.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name regex "/etc/.*"
  output: opened %fd.name
  priority: NOTICE
`,
});
