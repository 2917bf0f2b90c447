// A rules file is a sequence of mappings.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "not-a-sequence",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "a rules file is a sequence of mappings",
  why: "A rules file is a sequence: every item begins with `- `.",
  example: `rule: Example
desc: an example
`,
});
