// The field never has a value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "field-without-value",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "the field never has a value",
  why:
    "The field is known, as in Falco, and no event has it any more: a check on it is false, an output prints `<NA>`.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and evt.infra.docker.name = start
  output: opened %fd.name
  priority: NOTICE
`,
});
