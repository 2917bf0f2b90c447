// The macro's name cannot be used in a condition.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-macro-name",
  falco: "LOAD_INVALID_MACRO_NAME",
  severity: "warning",
  title: "the macro's name cannot be used in a condition",
  why: "A name in a condition is a letter, then letters, digits and underscores: nothing can use this macro.",
  example: `- macro: open-read
  condition: evt.type = openat
`,
});
