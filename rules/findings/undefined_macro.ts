// A macro is not defined.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "undefined-macro",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "a macro is not defined",
  why:
    "A word that is alone in a condition is the name of a macro. A rule can use the macros of its own file and of those before it, a macro only those that are defined before it.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and spawned_proces
  output: opened %fd.name
  priority: NOTICE
`,
});
