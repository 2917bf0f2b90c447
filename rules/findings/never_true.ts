// The condition, or a part of it, is false on every event.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "never-true",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "the condition, or a part of it, is false on every event",
  why:
    "Checks exclude each other, or a field has no value in a condition, where a check on it is false. The whole condition, or this part of it, can never hold.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and toupper(fd.types) in (FILE)
  output: opened %fd.name
  priority: NOTICE
`,
});
