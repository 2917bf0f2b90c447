// The list is not used.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "unused-list",
  falco: "LOAD_UNUSED_LIST",
  severity: "warning",
  title: "the list is not used",
  why: "Nothing uses the list: perhaps its name is misspelt where it should be used.",
  example: `- list: shells
  items: [bash, zsh]
`,
});
