// A part of the condition restricts nothing.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "always-true",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a part of the condition restricts nothing",
  why:
    "A part that holds whatever the value is restricts nothing. With `!=` and `or`, `and` is usually meant.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and (proc.name != cat or proc.name != less)
  output: opened %fd.name
  priority: NOTICE
`,
});
