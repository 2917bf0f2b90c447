// The output uses a field that does not exist.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-output-field",
  falco: "LOAD_ERR_COMPILE_OUTPUT",
  severity: "error",
  title: "the output uses a field that does not exist",
  why: "No field has this name, so that nothing could be printed.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat
  output: opened %fd.nam
  priority: NOTICE
`,
});
