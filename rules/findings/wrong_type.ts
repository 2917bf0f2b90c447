// A value has the wrong type.

import { defineFinding } from "./define.ts";

export default defineFinding({
  code: "wrong-type",
  falco: "LOAD_ERR_YAML_VALIDATE",
  severity: "error",
  title: "a value has the wrong type",
  why: "The key takes another kind of value: a text, a sequence, a number, or true or false.",
  example: `- list: shells
  items: bash
`,
});
