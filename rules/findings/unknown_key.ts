// The key means nothing here.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-key",
  falco: "LOAD_UNKNOWN_KEY",
  severity: "warning",
  title: "the key means nothing here",
  why: "The key is ignored: it is misspelt, or belongs to another kind of item.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  tag: [filesystem]
  output: opened %fd.name
  priority: NOTICE
`,
});
