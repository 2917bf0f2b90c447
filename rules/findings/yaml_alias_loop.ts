// An alias refers to a node that it is part of.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "yaml-alias-loop",
  falco: "LOAD_ERR_YAML_PARSE",
  severity: "error",
  title: "an alias refers to a node that it is part of",
  why: "A node that holds itself would never end.",
  example: `- list: shells
  items: &all [bash, *all]
`,
});
