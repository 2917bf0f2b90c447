// The field does not exist.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-field",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the field does not exist",
  why: "No field has this name. `falco list fields` shows all of them.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.nam = cat
  output: opened %fd.name
  priority: NOTICE
`,
});
