// The rule is left out: it uses something unknown.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "skipped-unknown",
  falco: "LOAD_UNKNOWN_FILTER",
  severity: "warning",
  title: "the rule is left out: it uses something unknown",
  why: "The rule uses a field or event that does not exist, and says `skip-if-unknown-filter`.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and proc.new_field = cat
  skip-if-unknown-filter: true
  output: opened %fd.name
  priority: NOTICE
`,
});
