// The regular expression cannot be compiled.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-regex",
  falco: "LOAD_ERR_COMPILE_CONDITION",
  severity: "error",
  title: "the regular expression cannot be compiled",
  why: "Regular expressions have RE2's POSIX syntax: no look-around, no back references.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name regex "(unclosed"
  output: opened %fd.name
  priority: NOTICE
`,
});
