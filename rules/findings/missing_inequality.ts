// `!=` is false where the field is missing.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "missing-inequality",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "`!=` is false where the field is missing",
  why:
    "Every check on a missing value is false, `!=` included: where the field is missing, the rule does not match. `not … = …` is true then.",
  example: `- rule: Example
  desc: an example
  condition: evt.type = openat and container.image.repository != docker.io/library/nginx
  output: opened %fd.name
  priority: NOTICE
`,
});
