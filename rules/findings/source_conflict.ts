// A rule changes its source.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "source-conflict",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "a rule changes its source",
  why: "Rules of different sources evaluate different events: a rule cannot move from one to the other.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
- rule: Example
  desc: an example
  source: k8s_audit
  condition: evt.type = openat
  output: opened %fd.name
  priority: NOTICE
`,
});
