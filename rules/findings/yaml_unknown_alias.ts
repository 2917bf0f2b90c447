// An alias refers to nothing.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "yaml-unknown-alias",
  falco: "LOAD_ERR_YAML_PARSE",
  severity: "error",
  title: "an alias refers to nothing",
  why: "An alias stands for the node with its anchor, which has to come before it in the same document.",
  example: `- list: shells
  items: *known
`,
});
