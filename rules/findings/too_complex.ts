// A condition expands to too much.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "too-complex",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "a condition expands to too much",
  why: "Lists and macros within each other expanded to more than a rule can reasonably hold.",
  example: `- macro: m0
  condition: proc.pid = 1 and proc.pid = 2
- macro: m1
  condition: m0 and m0
- macro: m2
  condition: m1 and m1
- macro: m3
  condition: m2 and m2
- macro: m4
  condition: m3 and m3
- macro: m5
  condition: m4 and m4
- macro: m6
  condition: m5 and m5
- macro: m7
  condition: m6 and m6
- macro: m8
  condition: m7 and m7
- macro: m9
  condition: m8 and m8
- macro: m10
  condition: m9 and m9
- macro: m11
  condition: m10 and m10
- macro: m12
  condition: m11 and m11
- macro: m13
  condition: m12 and m12
- macro: m14
  condition: m13 and m13
- macro: m15
  condition: m14 and m14
- macro: m16
  condition: m15 and m15
- macro: m17
  condition: m16 and m16
- macro: m18
  condition: m17 and m17
- macro: m19
  condition: m18 and m18
- macro: m20
  condition: m19 and m19
`,
});
