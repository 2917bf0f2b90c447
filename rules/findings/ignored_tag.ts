// A word with an exclamation mark before a value.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "ignored-tag",
  falco: "LOAD_COMPILE_CONDITION",
  beyondFalco: true,
  severity: "warning",
  title: "a YAML tag is no part of the value",
  why:
    "In YAML a word that begins with an exclamation mark is a tag, which says of what type the value after it is. " +
    "It is ignored, so the value lacks that word.",
  example: `- rule: Example
  desc: an example
  condition: !container evt.type = openat and fd.name = /etc/shadow
  output: opened %fd.name
  priority: NOTICE
`,
});
