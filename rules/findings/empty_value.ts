// A key has no value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "empty-value",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "a key has no value",
  why: "The key is there, and nothing is after it.",
  example: `- macro: open_read
  condition:
`,
});
