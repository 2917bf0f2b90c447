// A macro is not defined.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "undefined-macro",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "a macro is not defined",
  why:
    "A word that is alone in a condition is the name of a macro, which has to be defined before it is used.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and spawned_proces
  output: opened %fd.name
  priority: NOTICE
`,
});
