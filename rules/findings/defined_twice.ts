// An item is defined twice in one file.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "defined-twice",
  falco: "LOAD_UNKNOWN_ITEM",
  beyondFalco: true,
  severity: "warning",
  title: "an item is defined twice in one file",
  why:
    "The later definition replaces the earlier one, of which nothing is left. To change an item, say `override`. Precision: in 600 rules of 31 public repositories it was not given.",
  example: `- list: shells
  items: [bash]
- list: shells
  items: [zsh]
- rule: Example
  desc: an example
  condition: evt.type = execve and proc.name in (shells)
  output: started %proc.name
  priority: NOTICE
`,
});
