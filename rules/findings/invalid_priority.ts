// A priority is none of the eight.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-priority",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "a priority is none of the eight",
  why: "The priority decides whether a rule runs at all, and how alerts are sorted.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat
  priority: urgent
  output: opened %fd.name
`,
});
