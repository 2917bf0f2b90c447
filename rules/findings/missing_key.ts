// An item lacks a key.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "missing-key",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "an item lacks a key",
  why: "A rule needs `condition`, `output`, `desc` and `priority`, a macro `condition`, a list `items`.",
  example: `- macro: open_read
`,
});
