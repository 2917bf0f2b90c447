// An override does not fit its item.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "invalid-override",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "an override does not fit its item",
  why:
    "`override` says for each key of the item whether it is appended to the earlier one or replaces it. Every key has to be in it, and only keys that the item has.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  priority: ERROR
  override:
    priority: append
`,
});
