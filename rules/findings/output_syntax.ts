// The output cannot be read.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "output-syntax",
  falco: "LOAD_ERR_COMPILE_OUTPUT",
  severity: "error",
  title: "the output cannot be read",
  why: "A percent sign begins a field; there is no escape for it.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat
  output: 100 % certain
  priority: NOTICE
`,
});
