// No such event source: its rules are left out.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-source",
  falco: "LOAD_UNKNOWN_SOURCE",
  severity: "warning",
  title: "no such event source: its rules are left out",
  why: "No events come from this source, so its rules are left out.",
  example: `- rule: Example
  desc: an example
  source: aws_cloudtrail
  condition: evt.type = openat
  output: opened %fd.name
  priority: NOTICE
`,
});
