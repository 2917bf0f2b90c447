// `override` is a text, not a mapping of keys.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "ineffective-override",
  falco: "LOAD_UNKNOWN_KEY",
  beyondFalco: true,
  severity: "warning",
  title: "`override` names no key",
  why:
    "`override` is a mapping that says for each key whether it is appended to or replaced. A single word says " +
    "nothing: the item is a definition of its own, which replaces an earlier one of the same name completely.",
  example: `- list: web_servers
  items: [nginx]
- list: web_servers
  items: [httpd]
  override: append
- rule: Example
  desc: an example
  condition: evt.type = openat and proc.name in (web_servers)
  output: opened %fd.name
  priority: NOTICE
`,
});
