// There is no such event type.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-event-type",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "there is no such event type",
  why: "No event and no system call has this name: the check could never be true.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = opennat
  output: opened %fd.name
  priority: NOTICE
`,
});
