// The macro is not used.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unused-macro",
  falco: "LOAD_UNUSED_MACRO",
  severity: "warning",
  title: "the macro is not used",
  why: "Nothing uses the macro: perhaps its name is misspelt where it should be used.",
  example: `- macro: open_read
  condition: evt.type = openat
`,
});
