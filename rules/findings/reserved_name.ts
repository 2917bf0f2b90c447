// A list or a macro is named by a word of the condition language.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "reserved-name",
  falco: "LOAD_INVALID_LIST_NAME",
  beyondFalco: true,
  severity: "warning",
  title: "a name is a word of the condition language",
  why:
    "The items of a list take the place of its name wherever a condition holds it: a list `in` makes every `in` unreadable. A macro of such a name can be used only where nothing else can be read. Precision: in 4400 rules, of 42 public repositories and of 80 older versions of upstream's files, it was not given.",
  example: `- list: in
  items: [a, b]
`,
});
