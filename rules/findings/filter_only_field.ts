// The output uses a field that cannot be printed.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "filter-only-field",
  falco: "LOAD_ERR_COMPILE_OUTPUT",
  severity: "error",
  title: "the output uses a field that cannot be printed",
  why: "The field stands for several values at once; it can be compared and not printed.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = connect
  output: connected to %fd.ip
  priority: NOTICE
`,
});
