// A macro refers to itself.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "macro-loop",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "a macro refers to itself",
  why: "A macro that uses itself, directly or through others, would never end.",
  example: `- macro: a
  condition: evt.type = open
- macro: b
  condition: a
- macro: a
  condition: or b
  override: {condition: append}
`,
});
