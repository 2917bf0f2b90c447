// A word looks like a list that does not exist.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unknown-list",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a word looks like a list that does not exist",
  why:
    "A word after `in` that is no list is compared as a text, silently in Falco. Most often a list is meant.",
  example: `- list: shell_binaries
  items: [bash, zsh]
- rule: Example
  desc: an example
  condition: evt.type = openat and (proc.name in (shell_binaries) or proc.pname in (shell_binares))
  output: opened %fd.name
  priority: NOTICE
`,
});
