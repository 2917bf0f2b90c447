// An item changes one that does not exist.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "nothing-to-append-to",
  falco: "LOAD_ERR_VALIDATE",
  severity: "error",
  title: "an item changes one that does not exist",
  why: "Changes are applied in the order of the files: what is changed has to be defined before it.",
  example: `- list: shells
  items: [fish]
  override:
    items: append
`,
});
